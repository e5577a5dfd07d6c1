import { readFileSync, writeFileSync } from 'node:fs'
import type { BrowserWindow } from 'electron'
import { screen } from 'electron'
import * as z from 'zod'

const windowState = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(400),
  height: z.int().min(300),
  isMaximized: z.boolean().default(false),
})

interface WindowState {
  readonly x?: number
  readonly y?: number
  readonly width: number
  readonly height: number
  readonly isMaximized: boolean
}

const firstState: WindowState = { width: 1360, height: 880, isMaximized: false }

/** Where the window was; in the middle again when that screen is gone. */
export function readWindowState(path: string): WindowState {
  try {
    const { x, y, ...size } = windowState.parse(JSON.parse(readFileSync(path, 'utf8')))
    return x !== undefined && y !== undefined && isVisible(x, y, size) ? { x, y, ...size } : size
  } catch {
    return firstState
  }
}

/** Some of it must be on a screen, or the user could not drag it back. */
const visiblePixels = 100

function isVisible(x: number, y: number, { width, height }: Pick<WindowState, 'width' | 'height'>): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const right = Math.min(x + width, workArea.x + workArea.width)
    const bottom = Math.min(y + height, workArea.y + workArea.height)
    return right - Math.max(x, workArea.x) >= visiblePixels && bottom - Math.max(y, workArea.y) >= visiblePixels
  })
}

export function rememberWindowState(window: BrowserWindow, path: string): void {
  window.on('close', () => {
    const state: WindowState = { ...window.getNormalBounds(), isMaximized: window.isMaximized() }
    try {
      writeFileSync(path, JSON.stringify(state))
    } catch {
      // The place of a window is not worth an error.
    }
  })
}
