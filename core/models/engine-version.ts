import { readFileSync } from 'node:fs'

/** The version of Maestro, which is also that of its engine: package.json lies two folders up from here and from the bundle. */
export const engineVersion: string = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
