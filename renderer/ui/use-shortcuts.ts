import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { openPalette } from './command-palette.tsx'
import { footPlaces, places } from './places.ts'
import { showJobs, showShortcuts } from './window-state.ts'

/** Milliseconds within which the letter has to follow the G. */
const patience = 1_500

/** Keys that work on every page, except while one types: G and a letter, ? and J; Ctrl/Cmd+K always. */
export function useShortcuts(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let goneAt = Number.NEGATIVE_INFINITY
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        openPalette()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const place =
        performance.now() - goneAt < patience
          ? [...places, ...footPlaces].find(({ letter }) => letter === event.key.toLowerCase())
          : undefined
      goneAt = Number.NEGATIVE_INFINITY
      if (place) void navigate({ to: place.to })
      else if (event.key === 'g') goneAt = performance.now()
      else if (event.key === '?') showShortcuts(true)
      else if (event.key === 'j') showJobs(true)
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [navigate])
}

/** Whether a key goes into a field, or into a window above the page. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"]') !== null)
  )
}
