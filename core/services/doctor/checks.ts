import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { arch, availableParallelism, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Frame } from '../../../engine/frame/frame.ts'
import type { DoctorCheck } from '../../../shared/domain/workspace.ts'
import { checkIntegrity } from '../../storage/integrity.ts'
import { entryUrl } from '../../workers/entries.ts'
import type { ServiceContext } from '../service-context.ts'
import { doublingModel } from './sample-model.ts'

/** What one look found; a check that throws has failed with what it said. */
type Finding = Omit<DoctorCheck, 'name' | 'mend'> & { readonly canMend?: boolean }

export interface Check {
  readonly name: string
  look(context: ServiceContext): Promise<Finding> | Finding
  /** A repair that cannot lose anything. */
  mend?(context: ServiceContext): void
}

const fine = (detail: string): Finding => ({ ok: true, detail, hint: '' })
const bad = (detail: string, hint: string): Finding => ({ ok: false, detail, hint })
const gigabyte = 1024 ** 3

/** Every look at the machine and the workspace, quickest first. Names are stable: scripts select by them. */
export const checks: readonly Check[] = [
  { name: 'runtime', look: lookAtRuntime },
  { name: 'disk space', look: lookAtDiskSpace },
  { name: 'disk speed', look: lookAtDiskSpeed },
  { name: 'database', look: lookAtDatabase },
  { name: 'stored files', look: lookAtBlobs },
  { name: 'leftovers', look: lookAtLeftovers, mend: removeLeftovers },
  { name: 'worker process', look: lookAtProcesses },
  { name: 'ONNX Runtime', look: lookAtInference },
  { name: 'keychain', look: lookAtKeychain },
]

function lookAtRuntime(): Finding {
  const { node, electron, napi } = process.versions
  const what = electron ? `Electron ${electron}, Node ${node}` : `Node ${node}`
  const memory = (totalmem() / gigabyte).toFixed(1)
  const detail = `${what}, Node-API ${napi}, ${platform()} ${release()} ${arch()}, ${availableParallelism()} cores, ${memory} GB`
  return Number(napi) >= 10 ? fine(detail) : bad(detail, 'Install Node 24, or start Maestro through npm.')
}

function lookAtDiskSpace({ paths }: ServiceContext): Finding {
  const { bavail, blocks, bsize } = statfsSync(paths.root)
  const free = (bavail * bsize) / gigabyte
  const used = blocks > 0 ? 1 - bavail / blocks : 0
  const detail = `${free.toFixed(1)} GB free, ${(used * 100).toFixed(0)}% used`
  return free >= 1 ? fine(detail) : bad(detail, 'Less than 1 GB is left: imports and backups may fail. Make room.')
}

/** Small flushed writes, as every stored metric needs one, and one large write. */
function lookAtDiskSpeed({ paths }: ServiceContext): Finding {
  const folder = mkdtempSync(join(paths.scratch, 'doctor-'))
  try {
    const file = openSync(join(folder, 'speed'), 'w')
    try {
      const flushes = Array.from({ length: 9 }, () => timed(() => writeAndFlush(file, Buffer.alloc(4096, 1))))
      const flushMs = flushes.sort((a, b) => a - b)[4] as number
      const megabytes = 16
      const writeMs = timed(() => writeAndFlush(file, Buffer.alloc(megabytes * 1024 * 1024, 1)))
      const detail = `${((megabytes / writeMs) * 1000).toFixed(0)} MB/s, ${flushMs.toFixed(1)} ms a flushed write`
      return flushMs < 200
        ? fine(detail)
        : bad(detail, 'The disk is slow to flush; keep the workspace on a local disk.')
    } finally {
      closeSync(file)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function writeAndFlush(file: number, content: Buffer): void {
  writeSync(file, content)
  fsyncSync(file)
}

function timed(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

async function lookAtDatabase({ database, paths, processes }: ServiceContext): Promise<Finding> {
  // The workspace's own file, even where a damaged one is replaced by another for reading.
  const damage = await checkIntegrity(processes, paths.database)
  const pages = database.sqlite.pragma('page_count', { simple: true }) as number
  const pageSize = database.sqlite.pragma('page_size', { simple: true }) as number
  const size = `${((pages * pageSize) / 1024 ** 2).toFixed(1)} MB`
  return damage.length === 0
    ? fine(`sound, ${size}`)
    : bad(
        `damaged: ${damage.slice(0, 3).join('; ')}`,
        'Restore a backup (maestro backup list, maestro backup restore FILE).',
      )
}

/** All of a small store; of a large one a sample, another one each time. */
const sampledBlobs = 200
const sampledBytes = 256 * 1024 * 1024

function lookAtBlobs({ blobs }: ServiceContext): Finding {
  const all = blobs.list()
  const damaged: string[] = []
  let looked = 0
  let bytes = 0
  for (const blob of shuffled(all)) {
    if (looked >= sampledBlobs || bytes + blob.bytes > sampledBytes) break
    try {
      blobs.read(blob.digest, { verify: true })
    } catch {
      damaged.push(blob.digest)
    }
    looked++
    bytes += blob.bytes
  }
  const which = looked === all.length ? `all ${looked}` : `${looked} of ${all.length}`
  return damaged.length === 0
    ? fine(`${which} looked at, each as it was stored`)
    : bad(
        `${damaged.length} of ${looked} have changed: ${damaged.slice(0, 3).join(', ')}`,
        'Restore a backup; models and tables that use these files cannot be trusted.',
      )
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item)
}

/** Folders of jobs that a crash left behind; those of running jobs are in use. */
function leftovers({ paths, jobs }: ServiceContext): string[] {
  const running = new Set(jobs.list({ state: 'running', limit: 1_000 }).map(({ id }) => id))
  return readdirSync(paths.scratch).filter((name) => !running.has(name.slice(0, 32)))
}

function lookAtLeftovers(context: ServiceContext): Finding {
  const names = leftovers(context)
  return names.length === 0
    ? fine('none')
    : { ok: true, detail: `${names.length} folders of ended jobs`, hint: 'They only take room.', canMend: true }
}

function removeLeftovers(context: ServiceContext): void {
  for (const name of leftovers(context)) rmSync(join(context.paths.scratch, name), { recursive: true, force: true })
}

/** Longer than a cold start on a slow disk. */
const startDeadlineMs = 15_000

function lookAtProcesses({ processes }: ServiceContext): Promise<Finding> {
  return new Promise((resolve) => {
    const start = performance.now()
    const child = processes.start(entryUrl('model-process'))
    const timer = setTimeout(() => child.kill(), startDeadlineMs)
    let answered = false
    child.onMessage(() => {
      answered = true
      child.stop()
    })
    child.onExit((code, signal) => {
      clearTimeout(timer)
      resolve(
        answered
          ? fine(`answers after ${Math.round(performance.now() - start)} ms`)
          : bad(
              `ended with ${signal ?? `code ${code}`} before it answered`,
              'Jobs cannot run: look into the log, and whether a virus scanner stops new processes.',
            ),
      )
    })
    // Any request is answered, a file that is not there with an error.
    child.send({ path: '', frame: { nRows: 0, columns: [] } })
  })
}

async function lookAtInference({ paths, inference }: ServiceContext): Promise<Finding> {
  const folder = mkdtempSync(join(paths.scratch, 'doctor-'))
  try {
    const path = join(folder, 'doubling.onnx')
    writeFileSync(path, doublingModel())
    const frame: Frame = {
      nRows: 2,
      columns: [{ storage: 'float64', name: 'x', type: 'number', values: Float64Array.of(1, 2.5) }],
    }
    const start = performance.now()
    const { values } = await inference.predictOnnx(path, frame, { deadlineMs: startDeadlineMs })
    const ms = Math.round(performance.now() - start)
    return values[0] === 2 && values[1] === 5
      ? fine(`predicts, ${ms} ms with its start`)
      : bad(
          `predicts ${[...values].join(', ')} where 2, 5 is right`,
          'ONNX Runtime does not work on this machine; report it.',
        )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const keychainDeadlineMs = 3_000

/** For information: nothing so far needs a keychain, signing will. */
async function lookAtKeychain(): Promise<Finding> {
  try {
    const { saveSecret, readSecret, deleteSecret } = await import('../../secrets/keychain.ts')
    const work = async () => {
      await saveSecret('doctor', 'reachable')
      const found = await readSecret('doctor')
      await deleteSecret('doctor')
      return found === 'reachable'
    }
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('it does not answer')), keychainDeadlineMs).unref()
    })
    return (await Promise.race([work(), late]))
      ? fine('keeps secrets')
      : { ok: true, detail: 'does not keep what it is given', hint: 'Signing decisions will need a keychain.' }
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return {
      ok: true,
      detail: `not reachable (${why})`,
      hint: 'Signing decisions will need one; everything else works.',
    }
  }
}
