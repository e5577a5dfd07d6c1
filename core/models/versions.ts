import { readFileSync } from 'node:fs'
import { env } from 'onnxruntime-node'

/** The version of Maestro, which is also that of its engine: package.json lies two folders up from here and from the bundle. */
export const engineVersion: string = readVersion()

/** The version of ONNX Runtime that predicts. */
export const runtimeVersion: string = env.versions.node ?? env.versions.common

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { readonly version: string }).version
}
