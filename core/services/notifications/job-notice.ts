import type { Job } from '../../../shared/domain/jobs.ts'
import type { Notice } from './notification-rows.ts'

/** A shorter job is still on the screen when it ends. */
const longJobMs = 60_000

/** What is said of a job's end; null for one that was cancelled, or was short and went well. */
export function jobNotice(job: Job): Notice | null {
  const { state, title, startedAt, endedAt } = job
  const about = { actor: 'maestro', href: hrefOf(job) }
  if (state === 'failed')
    return { ...about, kind: 'job-failed', title: `Failed: ${title}`, text: job.error?.message ?? job.message }
  if (state !== 'succeeded' || startedAt === null || endedAt === null) return null
  const ms = Date.parse(endedAt) - Date.parse(startedAt)
  if (ms < longJobMs) return null
  return { ...about, kind: 'job-finished', title: `Finished: ${title}`, text: `It took ${minutes(ms)}.` }
}

function hrefOf({ id, kind, subject }: Job): string {
  if (kind === 'automl') return `/automl/${id}`
  return kind === 'register' || kind === 'rebuild' ? `/models/${encodeURIComponent(subject.name)}` : '/'
}

function minutes(ms: number): string {
  const whole = Math.round(ms / 60_000)
  return whole <= 1 ? 'a minute' : `${whole} minutes`
}
