import { existsSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { ScanReport } from '../../../shared/domain/quarantine.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { Examination, ExamineOptions } from '../../models/quarantine/quarantine.ts'
import { createQuarantine } from '../../models/quarantine/quarantine.ts'
import { uploadedName } from '../../rpc/file-traffic.ts'
import type { ServiceContext } from '../service-context.ts'

/** A model file that came from elsewhere: a path that the host can read, or a finished upload. */
export type ForeignFile = { readonly path: string } | { readonly upload: string }

/** Where a foreign file lies, and the name that its user knows it by. */
export interface LocatedFile {
  readonly path: string
  readonly name: string
}

export interface QuarantineService {
  /** Whether a model file may be used, and why not. Stores nothing. */
  scan(file: ForeignFile): Promise<ScanReport>
  /** Throws FILE_NOT_FOUND, or NOT_FOUND for an upload that is gone. */
  locate(file: ForeignFile): LocatedFile
  examine(path: string, options?: ExamineOptions): Promise<Examination>
  close(): void
}

export function createQuarantineService({
  paths,
  processes,
}: Pick<ServiceContext, 'paths' | 'processes'>): QuarantineService {
  const quarantine = createQuarantine(processes)

  function locate(file: ForeignFile): LocatedFile {
    if ('upload' in file) {
      // An upload is a name in the uploads folder; a path would lead out of it.
      const path = join(paths.uploads, basename(file.upload))
      if (!existsSync(path)) throw new MaestroError('NOT_FOUND', `There is no upload ${file.upload}.`)
      return { path, name: uploadedName(basename(file.upload)) }
    }
    const path = resolve(file.path)
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
      throw new MaestroError(
        'FILE_NOT_FOUND',
        `There is no file ${file.path}.`,
        'Check the path: the program that holds the workspace must be able to read it.',
      )
    }
    return { path, name: basename(path) }
  }

  return {
    async scan(file) {
      const { report } = await quarantine.examine(locate(file).path)
      return report
    },
    locate,
    examine: quarantine.examine,
    close: quarantine.close,
  }
}
