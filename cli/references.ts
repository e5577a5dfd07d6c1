import { existsSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import * as z from 'zod'
import { columnType } from '../shared/domain/values.ts'
import { MaestroError } from '../shared/errors.ts'
import type { CommandContext } from './command.ts'
import { assertSucceeded, followJob } from './follow-job.ts'
import { usageError } from './usage-error.ts'

/** A data reference is a path when it looks like one: it has a folder or an ending, or a file of that name is here. */
export function isPath(reference: string): boolean {
  if (/[\\/]/.test(reference) && !/^[^\\/]+\/\d+$/.test(reference)) return true
  if (/\.(csv|tsv|txt|parquet|arrow|feather|ipc|gz|onnx)$/i.test(reference)) return true
  return existsSync(reference) && statSync(reference).isFile()
}

/** Absolute, since the host may have another current folder. Throws FILE_NOT_FOUND. */
export function existingFile(path: string): string {
  const absolute = resolve(path)
  if (!existsSync(absolute)) {
    throw new MaestroError('FILE_NOT_FOUND', `There is no file ${path}.`, 'Check the path; relative ones start here.', {
      path,
    })
  }
  if (statSync(absolute).isDirectory()) {
    throw new MaestroError('FILE_NOT_FOUND', `${path} is a folder.`, 'Name a file in it.', { path })
  }
  return absolute
}

/** `name`, `name/3`, `name@alias` as they are; a path to an .onnx file made absolute. */
export function modelReference(reference: string): string {
  return extname(reference).toLowerCase() === '.onnx' ? existingFile(reference) : reference
}

/** What an import job leaves in its result. */
const importResult = z.object({ versionId: z.string() })

/** Imports a file and gives the id of its version; the same content is not stored twice. */
export async function importFile(
  context: CommandContext,
  path: string,
  options: { name?: string | undefined; types?: Record<string, z.infer<typeof columnType>> } = {},
): Promise<string> {
  const client = await context.client()
  const { job } = await client.datasets.import({
    source: { path: existingFile(path) },
    ...(options.name === undefined ? {} : { name: options.name }),
    types: options.types ?? {},
    reading: {},
  })
  const ended = assertSucceeded(await followJob(context, job))
  return importResult.parse(ended.result).versionId
}

/** A dataset's reference as it is; a path is imported first. */
export function dataReference(context: CommandContext, reference: string): Promise<string> {
  return isPath(reference) ? importFile(context, reference) : Promise.resolve(reference)
}

/** `age=number` and the like; the last equals sign counts, since names may have them. */
export function columnTypes(given: readonly string[]): Record<string, z.infer<typeof columnType>> {
  const types: Record<string, z.infer<typeof columnType>> = {}
  for (const pair of given) {
    const at = pair.lastIndexOf('=')
    const type = columnType.safeParse(pair.slice(at + 1))
    if (at < 1 || !type.success) {
      throw usageError(
        `"${pair}" is no column type.`,
        `Write COLUMN=TYPE with one of ${columnType.options.join(', ')}.`,
      )
    }
    types[pair.slice(0, at)] = type.data
  }
  return types
}
