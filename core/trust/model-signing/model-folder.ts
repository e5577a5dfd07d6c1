import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { Refusal } from './refusal.ts'

export interface ModelFile {
  /** Relative to the folder, with /. */
  readonly path: string
  readonly absolute: string
  readonly bytes: number
}

/** Paths at the top of the folder that Model Signing leaves out unless it is told otherwise. */
export const gitPaths = ['.git', '.gitattributes', '.github', '.gitignore'] as const

const chunk = 1024 * 1024

/**
 * Every file under a folder, sorted as Model Signing sorts: by the steps of their paths. Throws Refusal for what is no
 * file: sockets, devices, and links, unless they are allowed and lead to a file inside.
 */
export function listModelFiles(
  root: string,
  options: { readonly followLinks: boolean; readonly isIgnored: (path: string) => boolean },
): ModelFile[] {
  const real = realpathSync(root)
  const found: ModelFile[] = []
  const visit = (folder: string, prefix: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
      const name = entry.name.toString('utf8')
      const path = prefix === '' ? name : `${prefix}/${name}`
      const absolute = join(folder, name)
      // Read as text it would be another file's name, or nobody's.
      if (!Buffer.from(name, 'utf8').equals(entry.name)) throw new Refusal('PATH', 'a name is not UTF-8', path)
      if (options.isIgnored(path)) continue
      if (entry.isDirectory()) visit(absolute, path)
      else if (entry.isFile()) found.push({ path, absolute, bytes: statSync(absolute).size })
      else if (entry.isSymbolicLink() && options.followLinks) found.push(linkedFile(real, path, absolute))
      else
        throw new Refusal(
          'NOT_A_FILE',
          entry.isSymbolicLink() ? 'there is a link' : 'there is something that is no file',
          path,
        )
    }
  }
  visit(real, '')
  return found.sort((a, b) => comparePaths(a.path, b.path))
}

function linkedFile(root: string, path: string, absolute: string): ModelFile {
  let target: string
  try {
    target = realpathSync(absolute)
  } catch {
    throw new Refusal('NOT_A_FILE', 'a link leads nowhere', path)
  }
  const inside = relative(root, target)
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || !statSync(target).isFile())
    throw new Refusal('NOT_A_FILE', 'a link leads out of the folder, or to no file', path)
  return { path, absolute: target, bytes: statSync(target).size }
}

/** Step by step: `a/b` comes before `a-b.txt`. Steps by their code points, as Python compares. */
export function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let step = 0; step < Math.min(left.length, right.length); step++) {
    const order = Buffer.compare(Buffer.from(left[step] ?? ''), Buffer.from(right[step] ?? ''))
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** SHA-256, in hexadecimal, of the bytes from `start` up to `end`. Other work goes on between two chunks. */
export async function digestOfRange(path: string, start: number, end: number): Promise<string> {
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  try {
    // Between the listing and now it may have grown, or become something else.
    if (!fstatSync(file).isFile() || fstatSync(file).size < end)
      throw new Refusal('CHANGED', 'a file changed meanwhile', path)
    const buffer = Buffer.alloc(Math.max(1, Math.min(chunk, end - start)))
    for (let at = start; at < end; ) {
      const read = readSync(file, buffer, 0, Math.min(buffer.length, end - at), at)
      if (read === 0) throw new Refusal('CHANGED', 'a file became shorter meanwhile', path)
      hash.update(buffer.subarray(0, read))
      at += read
      if (at < end) await breathe()
    }
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
