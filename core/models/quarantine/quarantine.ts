import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { limits } from '../../../shared/domain/limits.ts'
import type { QuarantineFinding, ScanReport } from '../../../shared/domain/quarantine.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { ChildProcess, Processes } from '../../processes/processes.ts'
import { entryUrl } from '../../workers/entries.ts'
import { memoryLine } from './memory-watch.ts'
import type { QuarantineAnswer, QuarantineRequest } from './quarantine-process.ts'
import type { TrialOutput } from './trial-run.ts'

export interface Examination {
  readonly report: ScanReport
  /** What it answered to zeros. */
  readonly outputs: readonly TrialOutput[]
}

export interface ExamineOptions {
  /** Where the accepted model goes as one file. Default: nowhere. */
  readonly out?: string
  /** Seconds for reading, and again for running. Default: 30. */
  readonly seconds?: number
  /** Default: 2 GB. */
  readonly memoryBytes?: number
}

/** Looks at foreign models before anything else does. */
export interface Quarantine {
  /**
   * Reads a file, and what lies beside it and belongs to it, then runs it once: all in a process that is killed at its
   * limits. What is wrong with the file is in the report; throws only FILE_NOT_FOUND and CANCELLED.
   */
  examine(path: string, options?: ExamineOptions): Promise<Examination>
  close(): void
}

const megabyte = 1024 ** 2

/**
 * `reuse`: one process for many files, for tests that try thousands; a model could then disturb those after it. By default
 * each file has a process of its own.
 */
export function createQuarantine(processes: Processes, { reuse = false } = {}): Quarantine {
  let queue: Promise<unknown> = Promise.resolve()
  let idle: Examiner | null = null
  let running: Examiner | null = null
  let closed = false

  function takeExaminer(): Examiner {
    const kept = idle
    idle = null
    return kept ?? startExaminer(processes)
  }

  async function examineNow(path: string, options: ExamineOptions): Promise<Examination> {
    if (closed) throw new MaestroError('CANCELLED', 'Maestro is closing.')
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
      throw new MaestroError('FILE_NOT_FOUND', `There is no file ${basename(path)}.`, 'Give the path of an .onnx file.')
    }
    const examiner = takeExaminer()
    running = examiner
    const outcome = await watchExaminer(examiner, path, options)
    running = null
    if (reuse && outcome.alive) idle = examiner
    else examiner.child.kill()
    return describe(outcome)
  }

  return {
    examine(path, options = {}) {
      const next = queue.then(() => examineNow(path, options))
      queue = next.catch(() => undefined)
      return next
    },
    close() {
      closed = true
      idle?.child.kill()
      running?.child.kill()
    },
  }
}

/** Nothing of ours is told to foreign code; Windows programs do not start without their own. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env
  return SystemRoot === undefined ? {} : { SystemRoot }
}

/** A process, and who listens to it for the file that it is at. */
interface Examiner {
  readonly child: ChildProcess
  listener: {
    readonly answer: (answer: QuarantineAnswer) => void
    readonly output: (text: string) => void
    readonly exit: () => void
  } | null
}

function startExaminer(processes: Processes): Examiner {
  const child = processes.start(entryUrl('quarantine-process'), { env: bareEnvironment() })
  const examiner: Examiner = { child, listener: null }
  child.onMessage((answer) => examiner.listener?.answer(answer as QuarantineAnswer))
  child.onOutput((text) => examiner.listener?.output(text))
  child.onExit(() => examiner.listener?.exit())
  return examiner
}

interface Outcome {
  readonly alive: boolean
  readonly read: Extract<QuarantineAnswer, { stage: 'read' }> | null
  readonly run: Extract<QuarantineAnswer, { stage: 'run' }> | null
  readonly ended: 'itself' | 'timeout' | 'memory' | 'crashed'
  readonly seconds: number
  readonly peakBytes: number
}

function watchExaminer(examiner: Examiner, path: string, options: ExamineOptions): Promise<Outcome> {
  const milliseconds = (options.seconds ?? limits.quarantineSeconds) * 1_000
  const request: QuarantineRequest = {
    path,
    memoryBytes: options.memoryBytes ?? limits.quarantineBytes,
    out: options.out ?? null,
  }
  return new Promise((resolve) => {
    let read: Outcome['read'] = null
    let peak = 0
    let over = false
    let start = performance.now()
    let settled = false
    const settle = (ended: Outcome['ended'], run: Outcome['run']) => {
      if (settled) return
      settled = true
      examiner.listener = null
      clearTimeout(timer)
      const seconds = run?.seconds ?? (performance.now() - start) / 1_000
      const peakBytes = Math.max(run?.peakBytes ?? 0, peak * megabyte)
      resolve({ alive: ended === 'itself', read, run, ended, seconds, peakBytes })
    }
    const expire = () => {
      examiner.child.kill()
      settle('timeout', null)
    }
    let timer = setTimeout(expire, milliseconds)
    examiner.listener = {
      output(text) {
        for (const line of text.split('\n')) {
          if (!line.startsWith(memoryLine)) continue
          const [, megabytes = '0', state] = line.split(' ')
          peak = Math.max(peak, Number(megabytes))
          over ||= state === 'over'
        }
      },
      answer(answer) {
        if (answer.stage === 'run') return settle('itself', answer)
        read = answer
        if (!answer.sound) return settle('itself', null)
        clearTimeout(timer)
        start = performance.now()
        timer = setTimeout(expire, milliseconds)
      },
      exit: () => settle(over ? 'memory' : 'crashed', null),
    }
    examiner.child.send(request)
  })
}

function describe({ read, run, ended, seconds, peakBytes }: Outcome): Examination {
  const findings: QuarantineFinding[] = [...(read?.findings ?? []), ...(run?.trial.findings ?? [])]
  if (ended !== 'itself') findings.push(endFinding(ended, read === null ? 'reading' : 'running', seconds))
  const rejected = findings.some(({ severity }) => severity === 'error')
  const wasRun = read?.sound === true || (read === null && ended !== 'itself')
  return {
    report: {
      verdict: rejected ? 'rejected' : 'accepted',
      findings,
      graph: read?.graph ?? null,
      sandbox: wasRun
        ? { outcome: run?.trial.outcome ?? (ended === 'itself' ? 'failed' : ended), seconds, peakBytes }
        : null,
    },
    outputs: run?.trial.outputs ?? [],
  }
}

function endFinding(ended: 'timeout' | 'memory' | 'crashed', doing: string, seconds: number): QuarantineFinding {
  const error = { severity: 'error', where: '' } as const
  switch (ended) {
    case 'timeout':
      return {
        ...error,
        code: 'TIME',
        message: `It had not ended after ${seconds.toFixed(1)} seconds of ${doing} and was stopped.`,
      }
    case 'memory':
      return { ...error, code: 'MEMORY', message: `It took more memory than it may, while ${doing}, and was stopped.` }
    case 'crashed':
      return { ...error, code: 'CRASH', message: `The process ended unexpectedly while ${doing} it.` }
  }
}
