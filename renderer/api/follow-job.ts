import type { Job, JobProgress } from '../../shared/domain/jobs.ts'
import type { MaestroClient } from './client.ts'
import { HostError } from './errors.ts'

/**
 * Waits for a job to end and gives its result. Throws what it failed with, with code and hint; `CANCELLED` when somebody
 * stopped it, `JOB_CRASHED` when the host went away before its end.
 */
export async function followJob(
  client: MaestroClient,
  id: string,
  onProgress: (progress: JobProgress) => void = () => undefined,
): Promise<NonNullable<Job['result']>> {
  for await (const { state, result, error, progress } of await client.jobs.watch({ id })) {
    onProgress(progress)
    if (state === 'succeeded') return result ?? {}
    if (state === 'failed') {
      throw new HostError(error ?? { message: 'The job failed.', code: 'JOB_FAILED', hint: 'Its log says more.' })
    }
    if (state === 'cancelled') {
      throw new HostError({ message: 'It was cancelled.', code: 'CANCELLED', hint: 'Start it again when you like.' })
    }
  }
  throw new HostError({
    message: 'The host stopped before the job was done.',
    code: 'JOB_CRASHED',
    hint: 'Open Maestro again: what can go on goes on by itself.',
  })
}
