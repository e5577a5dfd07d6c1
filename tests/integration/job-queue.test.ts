import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { JobHandler, JobOutcome } from '../../core/jobs/job-context.ts'
import type { JobQueue } from '../../core/jobs/job-queue.ts'
import { createJobQueue } from '../../core/jobs/job-queue.ts'
import type { ChildProcess, Processes } from '../../core/processes/processes.ts'
import { nodeProcesses } from '../../core/processes/processes.ts'
import type { WorkspaceDatabase } from '../../core/storage/database.ts'
import { openWorkspaceDatabase } from '../../core/storage/database.ts'
import type { Job, JobKind } from '../../shared/domain/jobs.ts'
import type { ChangeEvent } from '../../shared/domain/workspace.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { TestStep } from '../fixtures/test-job-process.ts'

const entry = new URL('../fixtures/test-job-process.ts', import.meta.url)
const about = { title: 'A test', subject: { type: 'none', id: '', name: '' } } as const
const specification = z.object({ steps: z.array(z.record(z.string(), z.unknown())), kept: z.string().optional() })

let folder: string
let database: WorkspaceDatabase
let queue: JobQueue
let children: ChildProcess[]
let changes: ChangeEvent[]
let events: unknown[]
let ends: { id: string; outcome: JobOutcome }[]

const processes: Processes = {
  start(url) {
    const child = nodeProcesses.start(url)
    children.push(child)
    return child
  },
}

function handler(changed: Partial<JobHandler> = {}): JobHandler {
  return {
    kind: 'check',
    parse: (given) => specification.parse(given),
    onEvent: (_id, _specification, event) => void events.push(event),
    onEnd: (id, _specification, outcome) => {
      ends.push({ id, outcome })
      return Promise.resolve(outcome.state === 'cancelled' ? { kept: events.length } : null)
    },
    resumable: false,
    ...changed,
  }
}

function openQueue(...handlers: JobHandler[]): JobQueue {
  const opened = createJobQueue({
    sqlite: database.sqlite,
    paths: { scratch: join(folder, 'scratch'), blobs: join(folder, 'blobs') },
    processes,
    logger: pino({ enabled: false }),
    changed: (event) => void changes.push(event),
    entry,
    lightSlots: 2,
  })
  for (const one of handlers) opened.register(one)
  return opened
}

const start = (...steps: TestStep[]): Job => queue.start('check', { steps }, about)
const isAlive = (pid: number | undefined): boolean => {
  try {
    return process.kill(pid ?? 0, 0)
  } catch {
    return false
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-jobs-'))
  mkdirSync(join(folder, 'scratch'))
  children = []
  changes = []
  events = []
  ends = []
  database = await openWorkspaceDatabase(join(folder, 'workspace.db'))
  queue = openQueue(handler())
})
afterEach(async () => {
  await queue.close()
  await database.close()
  rmSync(folder, { recursive: true })
})

describe('a job that goes well', () => {
  test('is queued, runs, stores what it emits and succeeds with its result', async () => {
    const job = start({ do: 'emit', value: 1 }, { do: 'emit', value: { two: [2] } })
    expect(job).toMatchObject({ state: 'queued', kind: 'check', startedAt: null, result: null, resumable: false })
    const ended = await queue.wait(job.id)
    expect(ended).toMatchObject({ state: 'succeeded', error: null, result: { steps: 2 }, progress: { fraction: 1 } })
    expect(events).toEqual([1, { two: [2] }])
    expect(ends).toMatchObject([{ id: job.id, outcome: { state: 'succeeded', result: { steps: 2 } } }])
    expect(Date.parse(ended.endedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(ended.startedAt ?? ''))
    expect(changes.filter(({ id }) => id === job.id).length).toBeGreaterThanOrEqual(3)
  })

  test('its process runs with a lower priority and is gone afterwards', async () => {
    const job = start({ do: 'wait', for: 'cancel' })
    while (children.length === 0) await delay(5)
    await expect.poll(() => getPriority(children[0]?.pid), { timeout: 20_000 }).toBe(10)
    await queue.cancel(job.id)
    await queue.wait(job.id)
    await expect.poll(() => isAlive(children[0]?.pid), { timeout: 20_000 }).toBe(false)
  })

  test('an event is acknowledged only when it is stored, in order', async () => {
    const order: string[] = []
    queue.register(
      handler({
        async onEvent(_id, _specification, event) {
          await delay(event === 'slow' ? 100 : 0)
          order.push(String(event))
        },
      }),
    )
    const job = start({ do: 'emit', value: 'slow' }, { do: 'emit', value: 'quick' })
    await queue.wait(job.id)
    expect(order).toEqual(['slow', 'quick'])
  })

  test('an event that cannot be stored is told to the process as the same error', async () => {
    queue.register(
      handler({
        onEvent() {
          throw new MaestroError('DISK_FULL', 'No room.', 'Make room.')
        },
      }),
    )
    const error = { code: 'DISK_FULL', message: 'No room.', hint: 'Make room.' }
    expect(await queue.wait(start({ do: 'emit', value: 1 }).id)).toMatchObject({ state: 'failed', error })
    const unawaited = start({ do: 'tell', value: 1 }, { do: 'sleep', ms: 60_000 })
    expect(await queue.wait(unawaited.id)).toMatchObject({ state: 'failed', error })
  })

  test('the scratch folder is its own and is removed', async () => {
    const ended = await queue.wait(start({ do: 'scratch' }).id)
    const { scratch } = ended.result as { scratch: string }
    expect(scratch.startsWith(join(folder, 'scratch'))).toBe(true)
    expect(existsSync(scratch)).toBe(false)
  })
})

describe('progress and log', () => {
  test('the fraction never falls, comes at most four times a second, and ends at once', async () => {
    const steps = Array.from({ length: 60 }, (_, index): TestStep[] => [
      { do: 'report', fraction: index % 10 === 9 ? 0.01 : index / 60, detail: `step ${index}` },
      { do: 'sleep', ms: 10 },
    ]).flat()
    const job = start(...steps)
    const seen: Job[] = []
    const times: number[] = []
    for await (const state of queue.watch(job.id)) {
      seen.push(state)
      times.push(performance.now())
    }
    const fractions = seen.map(({ progress }) => progress.fraction)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(seen.at(-1)).toMatchObject({ state: 'succeeded' })
    const between = times.slice(1, -1).map((time, index) => time - (times[index] as number))
    // Timers may be a few milliseconds early.
    expect(Math.min(...between)).toBeGreaterThan(240)
  })

  test('rate and time left are estimated', async () => {
    const steps = Array.from({ length: 8 }, (_, index): TestStep[] => [
      { do: 'sleep', ms: 250 },
      { do: 'report', fraction: (index + 1) / 16 },
    ]).flat()
    const job = start(...steps)
    let last: Job['progress'] | undefined
    for await (const { state, progress } of queue.watch(job.id)) if (state === 'running') last = progress
    expect(last?.rate).toMatchObject({ unit: '%' })
    // A sixteenth takes 0.25 s, so half of it takes 2 s.
    expect(last?.secondsLeft).toBeGreaterThan(1)
    expect(last?.secondsLeft).toBeLessThan(5)
  })

  test('lines are stored in order and read in pages; what is printed is a line too', async () => {
    const job = start(
      { do: 'log', message: 'first' },
      { do: 'print', text: 'printed\nagain' },
      { do: 'sleep', ms: 50 },
      { do: 'log', message: 'last' },
    )
    await queue.wait(job.id)
    const first = queue.log(job.id, 0, 1)
    expect(first.lines).toMatchObject([{ level: 'info', message: 'first' }])
    const rest = queue.log(job.id, first.next, 100)
    expect(rest.lines.map(({ message }) => message)).toEqual(expect.arrayContaining(['printed', 'again', 'last']))
    expect(queue.log(job.id, rest.next, 100)).toEqual({ lines: [], next: rest.next })
  })

  test('a log has an end, and says so', async () => {
    const job = start({ do: 'print', text: 'line\n'.repeat(25_000) }, { do: 'sleep', ms: 200 })
    await queue.wait(job.id)
    const { lines, next } = queue.log(job.id, 0, 100_000)
    expect(lines).toHaveLength(20_001)
    expect(lines.at(-1)).toMatchObject({ message: expect.stringMatching(/first 20000 lines/) })
    expect(queue.log(job.id, next, 1).lines).toEqual([])
  })
})

describe('a job that goes wrong', () => {
  test('an expected failure keeps its code, hint and details', async () => {
    const ended = await queue.wait(start({ do: 'fail', code: 'TARGET_MISSING' }).id)
    expect(ended).toMatchObject({
      state: 'failed',
      error: { code: 'TARGET_MISSING', hint: 'Tell it something else.', details: { why: 'test' } },
    })
  })

  test('a bug is INTERNAL, with its stack in the log', async () => {
    const job = start({ do: 'throw' })
    expect(await queue.wait(job.id)).toMatchObject({ state: 'failed', error: { code: 'INTERNAL' } })
    expect(queue.log(job.id, 0, 10).lines.at(-1)).toMatchObject({
      message: expect.stringMatching(/TypeError: a bug\n +at /),
    })
  })

  test('a process that exits is a crash with its code and its last words; what it emitted stays', async () => {
    const job = start({ do: 'emit', value: 'kept' }, { do: 'print', text: 'last words' }, { do: 'exit', code: 7 })
    expect(await queue.wait(job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'JOB_CRASHED', details: { exitCode: 7, signal: null, log: ['last words'] } },
    })
    expect(events).toEqual(['kept'])
    expect(ends).toHaveLength(1)
  })

  test('a process that is killed is a crash with its signal', async () => {
    const ended = await queue.wait(start({ do: 'kill' }).id)
    expect(ended.error).toMatchObject({ code: 'JOB_CRASHED', details: { exitCode: null, signal: 'SIGKILL' } })
  })

  test('the next job runs all the same', async () => {
    await queue.wait(start({ do: 'exit', code: 1 }).id)
    expect(await queue.wait(start({ do: 'emit', value: 1 }).id)).toMatchObject({ state: 'succeeded' })
  })

  test('a specification that does not fit is refused before anything is stored', () => {
    expect(() => queue.start('check', { steps: 'none' }, about)).toThrow()
    expect(queue.list()).toEqual([])
  })

  test('a stored specification that no longer fits fails the job', async () => {
    let fits = true
    queue.register(
      handler({
        parse(given) {
          if (!fits) throw new MaestroError('INPUT_INVALID', 'The specification is from another time.')
          return specification.parse(given)
        },
      }),
    )
    const job = start()
    fits = false
    expect(await queue.wait(job.id)).toMatchObject({ state: 'failed', error: { code: 'INPUT_INVALID' } })
    expect(children).toHaveLength(0)
  })

  test('a kind that nobody registered is refused', () => {
    expect(() => queue.start('export', {}, about)).toThrow(/export/)
  })

  test('an end that cannot be stored fails the job', async () => {
    queue.register(handler({ onEnd: () => Promise.reject(new MaestroError('NAME_TAKEN', 'Taken.')) }))
    expect(await queue.wait(start().id)).toMatchObject({ state: 'failed', error: { code: 'NAME_TAKEN' }, result: null })
  })
})

describe('cancel and stop', () => {
  test('a polite process is cancelled and what was reached is kept', async () => {
    const job = start({ do: 'emit', value: 'reached' }, { do: 'wait', for: 'cancel' })
    while (events.length === 0) await delay(5)
    const cancelled = await queue.cancel(job.id)
    expect(cancelled).toMatchObject({ state: 'cancelled', error: null, result: { kept: 1 } })
    expect(ends).toMatchObject([{ outcome: { state: 'cancelled' } }])
  })

  test('a process that does not listen is killed', async () => {
    const job = start({ do: 'emit', value: 1 }, { do: 'spin' })
    while (events.length === 0) await delay(5)
    expect(await queue.cancel(job.id)).toMatchObject({ state: 'cancelled' })
    expect(isAlive(children[0]?.pid)).toBe(false)
  })

  test('a queued job is cancelled without a process', async () => {
    const blockers = [start({ do: 'wait', for: 'cancel' }), start({ do: 'wait', for: 'cancel' })]
    const waiting = start({ do: 'emit', value: 1 })
    while (children.length < 2) await delay(5)
    expect(queue.get(waiting.id).state).toBe('queued')
    expect(await queue.cancel(waiting.id)).toMatchObject({ state: 'cancelled' })
    expect(children).toHaveLength(2)
    await Promise.all(blockers.map(({ id }) => queue.cancel(id)))
  })

  test('a job that has ended cannot be cancelled', async () => {
    const job = start()
    await queue.wait(job.id)
    await expect(queue.cancel(job.id)).rejects.toMatchObject({ code: 'STATE_REFUSED' })
    expect(queue.get(job.id).state).toBe('succeeded')
  })

  test('two who cancel at once get the same end', async () => {
    const job = start({ do: 'wait', for: 'cancel' })
    while (children.length === 0) await delay(5)
    const [first, second] = await Promise.all([queue.cancel(job.id), queue.cancel(job.id)])
    expect(first).toEqual(second)
    expect(ends).toHaveLength(1)
  })

  test('stop and keep lets the process finish by itself', async () => {
    const job = start({ do: 'wait', for: 'stop' }, { do: 'emit', value: 'ensemble' })
    while (queue.get(job.id).state !== 'running') await delay(5)
    queue.requestStop(job.id)
    expect(await queue.wait(job.id)).toMatchObject({ state: 'succeeded' })
    expect(events).toEqual(['ensemble'])
    expect(() => queue.requestStop(job.id)).toThrow(/running/)
  })
})

describe('side by side', () => {
  const counting = (kind: JobKind, counts: { now: number; most: number }) =>
    handler({
      kind,
      prepare(_id, given) {
        counts.now++
        counts.most = Math.max(counts.most, counts.now)
        return Promise.resolve(given)
      },
      onEnd() {
        counts.now--
        return Promise.resolve(null)
      },
    })

  test('one heavy job at a time, light ones beside it up to their slots, oldest first', async () => {
    const heavy = { now: 0, most: 0 }
    const light = { now: 0, most: 0 }
    queue.register(counting('automl', heavy))
    queue.register(counting('check', light))
    // The test process has no program for automl: those jobs fail at once, one after the other.
    const jobs = [
      ...Array.from({ length: 3 }, () => queue.start('automl', { steps: [] }, about)),
      ...Array.from({ length: 5 }, () => start({ do: 'sleep', ms: 50 })),
    ]
    await Promise.all(jobs.map(({ id }) => queue.wait(id)))
    expect([heavy.most, light.most]).toEqual([1, 2])
    const started = jobs.slice(3).map(({ id }) => queue.get(id).startedAt ?? '')
    expect(started).toEqual([...started].sort())
    expect(queue.unfinishedCount()).toBe(0)
  })
})

describe('after a restart', () => {
  async function crashAndOpen(...handlers: JobHandler[]): Promise<void> {
    // As after kill -9: the rows say that it runs, and no process does.
    const rows = database.sqlite.prepare("SELECT id FROM job WHERE state = 'running'").all()
    for (const child of children) child.kill()
    await queue.close()
    for (const { id } of rows as { id: string }[]) {
      database.sqlite.prepare("UPDATE job SET state = 'running', ended_at = NULL, error = NULL WHERE id = ?").run(id)
    }
    ends = []
    queue = openQueue(...handlers)
    await queue.recover()
  }

  test('a resumable job goes on with what its handler prepares, the second attempt', async () => {
    const attempts: string[] = []
    const resumable = handler({
      resumable: true,
      prepare(id, given) {
        attempts.push(id)
        return Promise.resolve(attempts.length === 1 ? given : { steps: [{ do: 'emit', value: 'resumed' }] })
      },
    })
    queue.register(resumable)
    const job = start({ do: 'emit', value: 'first' }, { do: 'wait', for: 'cancel' })
    while (events.length === 0) await delay(5)
    await crashAndOpen(resumable)
    expect(await queue.wait(job.id)).toMatchObject({ state: 'succeeded' })
    expect(events).toEqual(['first', 'resumed'])
    expect(attempts).toEqual([job.id, job.id])
  })

  test('a job that cannot go on has failed, with the reason, and its handler hears of it', async () => {
    const job = start({ do: 'wait', for: 'cancel' })
    while (children.length === 0) await delay(5)
    await crashAndOpen(handler())
    expect(queue.get(job.id)).toMatchObject({ state: 'failed', error: { code: 'JOB_CRASHED' } })
    expect(queue.get(job.id).error?.message).toMatch(/while the job ran/)
    expect(ends).toMatchObject([{ id: job.id, outcome: { state: 'failed' } }])
  })

  test('closing leaves a resumable job queued and takes its process along', async () => {
    const resumable = handler({ resumable: true })
    queue.register(resumable)
    const job = start({ do: 'wait', for: 'cancel' })
    const waiting = queue.wait(job.id)
    const rejected = expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    while (children.length === 0) await delay(5)
    await queue.close()
    await rejected
    expect(database.sqlite.prepare('SELECT state FROM job WHERE id = ?').get(job.id)).toEqual({ state: 'queued' })
    expect(isAlive(children[0]?.pid)).toBe(false)
    expect(ends).toEqual([])
    expect(() => start()).toThrow(/closing/)
  })

  test('closing ends those who watch', async () => {
    queue.register(handler({ resumable: true }))
    const job = start({ do: 'wait', for: 'cancel' })
    const watched = (async () => {
      for await (const state of queue.watch(job.id)) void state
    })()
    const rejected = expect(watched).rejects.toMatchObject({ code: 'CANCELLED' })
    while (children.length === 0) await delay(5)
    await queue.close()
    await rejected
  })
})

describe('taking up again by hand', () => {
  test('a failed job of a resumable kind runs again and forgets its error', async () => {
    let fails = true
    queue.register(
      handler({
        resumable: true,
        prepare: (_id, given) => Promise.resolve(fails ? { steps: [{ do: 'fail', code: 'TARGET_MISSING' }] } : given),
      }),
    )
    const job = start({ do: 'emit', value: 1 })
    expect(await queue.wait(job.id)).toMatchObject({ state: 'failed', resumable: true })
    fails = false
    expect(queue.resume(job.id)).toMatchObject({ state: 'queued', error: null, endedAt: null })
    expect(await queue.wait(job.id)).toMatchObject({ state: 'succeeded', resumable: false })
    expect(() => queue.resume(job.id)).toThrow(MaestroError)
  })

  test('a kind that cannot go on is refused', async () => {
    const job = start({ do: 'throw' })
    await queue.wait(job.id)
    expect(() => queue.resume(job.id)).toThrow(/from the beginning/)
  })

  test('an unknown job is not found by any call', async () => {
    const unknown = '0'.repeat(32)
    for (const call of [queue.get, queue.resume, queue.requestStop, (id: string) => queue.log(id, 0, 1)]) {
      expect(() => call(unknown)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    }
    await expect(queue.cancel(unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('lists are newest first and can be narrowed', async () => {
  const jobs = [start(), start({ do: 'throw' })]
  await Promise.all(jobs.map(({ id }) => queue.wait(id)))
  expect(queue.list().map(({ id }) => id)).toEqual(jobs.map(({ id }) => id).reverse())
  expect(queue.list({ state: 'failed' }).map(({ id }) => id)).toEqual([jobs[1]?.id])
  expect(queue.list({ kind: 'automl' })).toEqual([])
  expect(queue.list({ limit: 1 })).toHaveLength(1)
})

test('no state changes but those that are allowed', async () => {
  const job = start()
  await queue.wait(job.id)
  const { createJobStore } = await import('../../core/jobs/job-store.ts')
  const store = createJobStore(database.sqlite)
  for (const state of ['queued', 'running', 'failed', 'cancelled'] as const) {
    expect(() => store.transition(job.id, state, {})).toThrow(expect.objectContaining({ code: 'STATE_REFUSED' }))
  }
  expect(queue.get(job.id).state).toBe('succeeded')
})
