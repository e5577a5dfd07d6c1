import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/** How to reach the process that holds the workspace. Only the user may read it: who has the token acts as the user. */
const hostRecord = z.object({
  pid: z.int(),
  port: z.int().min(1).max(65_535),
  token: z.string().min(32),
  startedAt: z.string(),
})

export type HostRecord = z.infer<typeof hostRecord>

const fileName = 'host.json'

export function writeHostRecord(root: string, port: number): HostRecord {
  const record: HostRecord = {
    pid: process.pid,
    port,
    token: randomBytes(32).toString('hex'),
    startedAt: new Date().toISOString(),
  }
  // Renamed into place: a reader never sees half of it.
  const temporary = join(root, `.${fileName}-${process.pid}-${randomBytes(4).toString('hex')}`)
  writeFileSync(temporary, JSON.stringify(record), { mode: 0o600, flag: 'wx' })
  renameSync(temporary, join(root, fileName))
  return record
}

/** Null when there is none, or none that can be understood; the lock alone says whether somebody holds the workspace. */
export function readHostRecord(root: string): HostRecord | null {
  try {
    return hostRecord.parse(JSON.parse(readFileSync(join(root, fileName), 'utf8')))
  } catch {
    return null
  }
}

export function removeHostRecord(root: string): void {
  rmSync(join(root, fileName), { force: true })
}
