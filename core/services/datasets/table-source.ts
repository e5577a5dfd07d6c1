import { existsSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { MaestroError } from '../../../shared/errors.ts'
import { newId } from '../../storage/ids.ts'
import type { WorkspacePaths } from '../../workspace/workspace-paths.ts'

export interface TableSource {
  readonly path: string
  readonly fileName: string
  /** Whether the file is ours, to be removed after use. */
  readonly temporary: boolean
}

/** Where the bytes of a table lie: a path, a finished upload, or pasted text, which is written down first. */
export function tableSource(
  paths: WorkspacePaths,
  source:
    | { readonly path: string }
    | { readonly upload: string }
    | { readonly text: string; readonly fileName: string },
): TableSource {
  if ('path' in source) {
    const path = resolve(source.path)
    assertFile(path, source.path)
    return { path, fileName: basename(path), temporary: false }
  }
  if ('upload' in source) {
    // A name with a path in it would lead out of the folder.
    const path = join(paths.uploads, basename(source.upload))
    assertFile(path, source.upload)
    return { path, fileName: basename(source.upload).replace(/^[0-9a-f]{32}-/, ''), temporary: true }
  }
  const path = join(paths.uploads, `${newId()}-${basename(source.fileName)}`)
  writeFileSync(path, source.text)
  return { path, fileName: basename(source.fileName), temporary: true }
}

function assertFile(path: string, given: string): void {
  if (!existsSync(path))
    throw new MaestroError('FILE_NOT_FOUND', `There is no file ${given}.`, 'Check the path.', { path: given })
  if (!statSync(path).isFile())
    throw new MaestroError('FILE_NOT_FOUND', `${given} is not a file.`, 'Choose a file, not a folder.', { path: given })
}
