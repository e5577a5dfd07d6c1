import { setTimeout as delay } from 'node:timers/promises'
import type { Job } from '../shared/domain/jobs.ts'
import type { ErrorCode } from '../shared/errors.ts'
import { errorCatalog, MaestroError } from '../shared/errors.ts'
import type { CommandContext } from './command.ts'

/**
 * Shows a job's progress until it has ended; Ctrl+C cancels it. Resolves with the ended job: succeeded, or cancelled with
 * what was reached. Throws the job's own error when it failed.
 */
export async function followJob(context: CommandContext, job: Job): Promise<Job> {
  const ended = await watchToEnd(context, job)
  context.progress.done()
  if (ended.state === 'failed') throw jobError(ended)
  return ended
}

async function watchToEnd(context: CommandContext, job: Job): Promise<Job> {
  const client = await context.client()
  const { id } = job
  const cancel = () => {
    // It may have ended in this moment; then its end is what counts.
    client.jobs.cancel({ id }).catch(() => undefined)
  }
  if (context.interrupted.aborted) cancel()
  else context.interrupted.addEventListener('abort', cancel, { once: true })
  try {
    let latest = job
    for (;;) {
      for await (latest of await client.jobs.watch({ id })) {
        context.progress.show(latest)
        if (isEnded(latest)) return latest
      }
      // The stream ended early; the job's row knows how it goes on.
      await delay(200)
      latest = await client.jobs.get({ id })
      if (isEnded(latest)) return latest
    }
  } finally {
    context.interrupted.removeEventListener('abort', cancel)
  }
}

export function isEnded({ state }: Job): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** For commands that have nothing to show of a job that was cancelled. */
export function assertSucceeded(job: Job): Job {
  if (job.state === 'cancelled') throw new MaestroError('CANCELLED', `${job.title}: cancelled.`, 'Nothing was kept.')
  return job
}

export function jobError({ error, title, id }: Job): MaestroError {
  const code = error && error.code in errorCatalog ? (error.code as ErrorCode) : 'JOB_FAILED'
  return new MaestroError(code, error?.message ?? `${title} failed.`, error?.hint ?? '', {
    ...error?.details,
    jobId: id,
  })
}

export const cancelledExit = 130
