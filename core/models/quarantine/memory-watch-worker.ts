import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { memoryLine, memoryWatchSlots } from './memory-watch.ts'

/**
 * Watches the memory of its own process from a thread, since a model that runs blocks the process's first one, and ends the
 * whole process at the limit. Tells its parent by lines on standard error: the other ways need the blocked thread.
 */
const slots = new Int32Array((workerData as { readonly shared: SharedArrayBuffer }).shared)
const megabyte = 1024 ** 2
const everyMilliseconds = 5
/** Peaks are told when they have grown by this many megabytes. */
const toldEvery = 16
let told = 0

setInterval(() => {
  const now = Math.round(process.memoryUsage.rss() / megabyte)
  if (now > Atomics.load(slots, memoryWatchSlots.peak)) Atomics.store(slots, memoryWatchSlots.peak, now)
  const peak = Atomics.load(slots, memoryWatchSlots.peak)
  const limit = Atomics.load(slots, memoryWatchSlots.limit)
  const over = limit > 0 && now > limit
  if (over || peak >= told + toldEvery) {
    told = peak
    writeSync(2, `${memoryLine} ${peak} ${over ? 'over' : 'ok'}\n`)
  }
  if (over) process.kill(process.pid, 'SIGKILL')
}, everyMilliseconds)
