import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '../storage/ids.ts'
import type { ServiceContext } from './service-context.ts'

/** Gives a path for a file that is needed only for a while; what is there afterwards is removed. `ending` as `.csv`. */
export async function withScratchFile<Result>(
  { paths }: Pick<ServiceContext, 'paths'>,
  ending: string,
  use: (path: string) => Result | Promise<Result>,
): Promise<Result> {
  mkdirSync(paths.scratch, { recursive: true })
  const path = join(paths.scratch, `${newId()}${ending}`)
  try {
    return await use(path)
  } finally {
    rmSync(path, { force: true })
  }
}
