import { setTimeout as delay } from 'node:timers/promises'
import { leave } from '../core/processes/leave.ts'
import { assertRuntime } from '../core/runtime.ts'
import { connectOrOpen } from '../core/workspace/connect-or-open.ts'
import { pagesFolder } from './open-workspace.ts'

/** Seconds without jobs and guests before it ends: whoever starts it has that long to come. */
const idleSeconds = 5

assertRuntime()
const [workspace] = process.argv.slice(2)
if (workspace === undefined) throw new Error('background-host.ts takes the folder of a workspace.')
const connection = await connectOrOpen(workspace, { pages: pagesFolder, face: 'cli' })
const told = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => told.abort())
// Attached means that another process holds the workspace, and its jobs.
const jobs = connection.app?.jobs
for (let idle = 0; jobs && !told.signal.aborted && idle < idleSeconds * 5; idle++) {
  await delay(200)
  if (jobs.unfinishedCount() > 0 || connection.guests() > 0) idle = 0
}
await connection.close()
leave(0)
