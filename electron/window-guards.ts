import type { BrowserWindow } from 'electron'
import { session } from 'electron'
import { windowOrigin } from './window-protocol.ts'

/** The window stays on our own pages: no other address, no second window, no embedded page. */
export function lockNavigation({ webContents }: BrowserWindow): void {
  const stay = (event: { preventDefault(): void }, url: string) => {
    if (!url.startsWith(`${windowOrigin}/`)) event.preventDefault()
  }
  webContents.on('will-navigate', stay)
  webContents.on('will-redirect', stay)
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/**
 * Writing to the clipboard is what a Copy button does; notifications are shown to whoever has switched them on. Everything
 * else (camera, place …) nobody needs.
 */
const allowed = new Set(['clipboard-sanitized-write', 'notifications'])

export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(allowed.has(permission)))
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => allowed.has(permission))
}
