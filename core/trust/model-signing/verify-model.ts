import { statSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { SignerTrust } from './bundle.ts'
import { openBundle } from './bundle.ts'
import type { Resource, SignedManifest } from './manifest.ts'
import { readManifest } from './manifest.ts'
import type { ModelFile } from './model-folder.ts'
import { digestOfRange, gitPaths, listModelFiles } from './model-folder.ts'
import { Refusal } from './refusal.ts'

export interface VerifyModelOptions {
  /** Files that were not signed are no fault. Default false. */
  readonly ignoreUnsigned?: boolean
  /** Links to files inside the folder are followed. Default false, whatever the bundle says. */
  readonly followLinks?: boolean
  /** `.git` and its like are looked at too. Default false. */
  readonly includeGit?: boolean
  /** Where the bundle lies, if that may be in the folder. */
  readonly bundlePath?: string
}

export interface ModelVerification {
  readonly verified: boolean
  /** The first fault; none where it is verified. */
  readonly findings: readonly { readonly code: string; readonly message: string; readonly where: string | null }[]
  /** Files that were compared. */
  readonly files: number
}

/**
 * Verifies a folder, or one file, against a bundle of OpenSSF Model Signing 1.0. What is wrong is a finding: nothing is
 * thrown for any content of bundle or folder.
 */
export async function verifyModel(
  bundle: Uint8Array,
  modelPath: string,
  trust: SignerTrust,
  options: VerifyModelOptions = {},
): Promise<ModelVerification> {
  try {
    const manifest = readManifest(openBundle(bundle, trust))
    const files = await compare(manifest, resolve(modelPath), options)
    return { verified: true, findings: [], files }
  } catch (error) {
    if (error instanceof Refusal)
      return { verified: false, findings: [{ code: error.code, message: error.message, where: error.where }], files: 0 }
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    return { verified: false, findings: [{ code: 'UNREADABLE', message, where: null }], files: 0 }
  }
}

async function compare(manifest: SignedManifest, path: string, options: VerifyModelOptions): Promise<number> {
  const isFolder = statSync(path).isDirectory()
  const files = isFolder ? folderFiles(manifest, path, options) : [singleFile(manifest, path)]
  const byPath = new Map(files.map((file) => [file.path, file]))
  const signed = groupByPath(manifest.resources)
  for (const [name, parts] of signed) {
    const file = byPath.get(name)
    if (!file) throw new Refusal('MISSING', 'a signed file is missing', name)
    await compareFile(file, parts, manifest.partSize)
  }
  if (options.ignoreUnsigned) return signed.size
  for (const file of files) {
    // An empty file has no parts, so nothing could have been signed of it.
    if (manifest.partSize !== null && file.bytes === 0) continue
    if (!signed.has(file.path)) throw new Refusal('UNSIGNED', 'a file was not signed', file.path)
  }
  return signed.size
}

function folderFiles(manifest: SignedManifest, root: string, options: VerifyModelOptions): ModelFile[] {
  const own = options.bundlePath === undefined ? null : relative(root, resolve(options.bundlePath)).split(sep).join('/')
  const ignored = new Set<string>([...manifest.ignored, ...(options.includeGit ? [] : gitPaths), ...(own ? [own] : [])])
  if (options.includeGit) for (const path of gitPaths) ignored.delete(path)
  const signed = new Set(manifest.resources.flatMap(({ path }) => prefixes(path)))
  return listModelFiles(root, {
    followLinks: options.followLinks ?? false,
    // What was signed is looked at even where it lies under an ignored path.
    isIgnored: (path) => ignored.has(path) && !signed.has(path),
  }).filter(({ path }) => signed.has(path) || !prefixes(path).some((step) => ignored.has(step)))
}

/** `a/b/c` gives a, a/b, a/b/c. */
function prefixes(path: string): string[] {
  const steps = path.split('/')
  return steps.map((_, at) => steps.slice(0, at + 1).join('/'))
}

/** A model that is one file is signed under its own name. */
function singleFile(manifest: SignedManifest, absolute: string): ModelFile {
  const names = new Set(manifest.resources.map(({ path }) => path))
  const [name] = names
  if (names.size !== 1 || name === undefined)
    throw new Refusal('MISSING', `${names.size} files were signed; here is one`, basename(absolute))
  const folder = dirname(absolute)
  return { path: name, absolute: resolve(folder, basename(absolute)), bytes: statSync(absolute).size }
}

function groupByPath(resources: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>()
  for (const resource of resources) {
    const group = groups.get(resource.path)
    if (group) group.push(resource)
    else groups.set(resource.path, [resource])
  }
  return groups
}

async function compareFile(file: ModelFile, parts: readonly Resource[], partSize: number | null): Promise<void> {
  if (partSize !== null) assertCovered(file, parts, partSize)
  for (const { part, digest } of parts) {
    const { start, end } = part ?? { start: 0, end: file.bytes }
    if ((await digestOfRange(file.absolute, start, end)) !== digest)
      throw new Refusal('CONTENT', 'the content is not what was signed', file.path)
  }
}

/** Parts have to lie side by side from the first byte to the last. */
function assertCovered({ path, bytes }: ModelFile, parts: readonly Resource[], partSize: number): void {
  const ordered = parts.map(({ part }) => part ?? { start: 0, end: 0 }).sort((a, b) => a.start - b.start)
  const isCovered =
    ordered.length === Math.ceil(bytes / partSize) &&
    ordered.every(({ start, end }, at) => start === at * partSize && end === Math.min(bytes, start + partSize))
  if (!isCovered) throw new Refusal('CONTENT', 'the file is longer or shorter than what was signed', path)
}
