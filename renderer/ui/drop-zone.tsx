import { useEffect, useState } from 'react'
import { receive } from './window-state.ts'

/** Takes tables, models and review packages dropped anywhere on the window, as many as there are, or a table that is pasted. */
export function DropZone() {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    const listen = <Kind extends keyof DocumentEventMap>(kind: Kind, on: (event: DocumentEventMap[Kind]) => void) =>
      document.addEventListener(kind, on, { signal: stop.signal })
    let depth = 0
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    listen('dragenter', (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    })
    listen('dragleave', () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    })
    listen('dragover', (event) => {
      if (hasFiles(event)) event.preventDefault()
    })
    listen('drop', (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      receive(Array.from(event.dataTransfer?.files ?? [], (file) => ({ file })))
    })
    listen('paste', (event) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (text.includes('\n') && /[,;\t|]/.test(text)) receive([{ text }])
    })
    return () => stop.abort()
  }, [])
  if (!over) return null
  return (
    <div className="drop-overlay">
      <strong>Drop tables to import, ONNX models to register, or packages to review</strong>
    </div>
  )
}
