import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useImportSheet } from '../features/data/import-sheet.tsx'

const tables = /\.(csv|tsv|txt|parquet|arrow|feather|ipc)(\.gz)?$/i

/** Takes a table dropped anywhere on the window, or pasted. */
export function DropZone() {
  const { open, sheet } = useImportSheet()
  const navigate = useNavigate()
  const [over, setOver] = useState(false)
  useEffect(() => {
    let depth = 0
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    }
    const leave = () => {
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      const [file] = event.dataTransfer?.files ?? []
      if (!file) return
      if (tables.test(file.name)) open({ file })
      else if (/\.onnx$/i.test(file.name)) void navigate({ to: '/predict' })
      else open({ file })
    }
    const allow = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault()
    }
    const paste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (text.includes('\n') && /[,;\t|]/.test(text)) open({ text })
    }
    document.addEventListener('dragenter', enter)
    document.addEventListener('dragleave', leave)
    document.addEventListener('dragover', allow)
    document.addEventListener('drop', drop)
    document.addEventListener('paste', paste)
    return () => {
      document.removeEventListener('dragenter', enter)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('dragover', allow)
      document.removeEventListener('drop', drop)
      document.removeEventListener('paste', paste)
    }
  }, [open, navigate])
  return (
    <>
      {over && (
        <div className="drop-overlay">
          <strong>Drop the table to import it</strong>
        </div>
      )}
      {sheet}
    </>
  )
}
