import type { Job } from '../shared/domain/jobs.ts'
import { number, oneLine, seconds } from './format.ts'

/** Shows how a job gets on, on standard error. */
export interface ProgressDisplay {
  show(job: Job): void
  /** Leaves the line behind. */
  done(): void
}

export type ProgressMode = 'bar' | 'lines' | 'json' | 'none'

export function progressMode(asked: string | undefined, json: boolean, stderr: NodeJS.WriteStream): ProgressMode {
  if (asked === 'json' || asked === 'none') return asked
  if (stderr.isTTY) return 'bar'
  return json ? 'none' : 'lines'
}

export function createProgressDisplay(mode: ProgressMode, stderr: NodeJS.WriteStream): ProgressDisplay {
  switch (mode) {
    case 'bar':
      return barDisplay(stderr)
    case 'lines':
      return lineDisplay(stderr)
    case 'json':
      return {
        show: ({ id, kind, state, progress }) => {
          stderr.write(`${JSON.stringify({ type: 'progress', job: id, kind, state, ...progress })}\n`)
        },
        done: () => undefined,
      }
    case 'none':
      return { show: () => undefined, done: () => undefined }
  }
}

const barWidth = 24

function barDisplay(stderr: NodeJS.WriteStream): ProgressDisplay {
  let isShown = false
  return {
    show(job) {
      const filled = Math.round(job.progress.fraction * barWidth)
      const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
      const line = `${bar} ${summary(job)}`.slice(0, (stderr.columns || 80) - 1)
      stderr.write(`\r\u001b[2K${line}`)
      isShown = true
    },
    done() {
      if (isShown) stderr.write('\r\u001b[2K')
      isShown = false
    },
  }
}

/** One line a phase and a tenth: a log file stays readable. */
function lineDisplay(stderr: NodeJS.WriteStream): ProgressDisplay {
  let last = ''
  return {
    show(job) {
      const key = `${job.id} ${job.progress.title} ${Math.floor(job.progress.fraction * 10)}`
      if (key === last) return
      last = key
      stderr.write(`${summary(job)}\n`)
    },
    done: () => undefined,
  }
}

function summary({ progress, message }: Job): string {
  const { fraction, title, detail, rate, secondsLeft } = progress
  return [
    `${Math.floor(fraction * 100)}%`,
    oneLine(title),
    oneLine(detail === '' ? message : detail),
    rate === null || rate.unit === '%' ? '' : `${number(Math.round(rate.value * 10) / 10)} ${rate.unit}/s`,
    secondsLeft === null ? '' : `${seconds(secondsLeft)} left`,
  ]
    .filter((part) => part !== '')
    .join('  ')
}
