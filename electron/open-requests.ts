import { extname, resolve } from 'node:path'

/** Files that the system may open with Maestro; see the associations in electron-builder.yml. */
const endings = new Set(['.csv', '.tsv', '.parquet', '.arrow', '.onnx', '.maestro'])

/** Longer links are no links of ours. */
const longestLink = 2_000

/**
 * What the system asked for, by file or by `maestro://` link, as a route of the window; null when it asked for nothing of
 * ours. The route only shows what was asked and waits for a yes: a link of a web page must not start anything.
 */
export function openRequestPath(args: readonly string[]): string | null {
  for (const given of args) {
    if (given.startsWith('maestro://')) {
      return given.length <= longestLink ? `/open?link=${encodeURIComponent(given)}` : null
    }
    if (!given.startsWith('-') && endings.has(extname(given).toLowerCase())) {
      return `/open?file=${encodeURIComponent(resolve(given))}`
    }
  }
  return null
}
