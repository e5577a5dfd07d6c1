import type { JobProgress } from '../../shared/domain/jobs.ts'

export const initialProgress: JobProgress = { fraction: 0, title: 'Waiting', detail: '', rate: null, secondsLeft: null }

/** Seconds over which the speed is measured: long enough to be calm, short enough to follow a change of phase. */
const windowSeconds = 20
/** Before this much time and work, an estimate would only be a guess. */
const leastSeconds = 1
const leastFraction = 0.01

/**
 * Makes what a main reports into what is shown: the fraction never falls, and where the main gives no time left or rate,
 * they are estimated from the fraction's own speed (rate in percent a second).
 */
export function createProgressTracker(now: () => number = () => performance.now() / 1000) {
  let progress: JobProgress = { ...initialProgress, title: 'Starting' }
  const samples: { seconds: number; fraction: number }[] = [{ seconds: now(), fraction: 0 }]

  function speed(): number | null {
    const first = samples[0]
    const last = samples.at(-1)
    if (!first || !last) return null
    const seconds = last.seconds - first.seconds
    const fraction = last.fraction - first.fraction
    return seconds >= leastSeconds && fraction >= leastFraction ? fraction / seconds : null
  }

  return {
    take(reported: Partial<JobProgress>): JobProgress {
      const asked = reported.fraction ?? progress.fraction
      const fraction = Math.min(1, Math.max(progress.fraction, Number.isFinite(asked) ? asked : 0))
      const seconds = now()
      samples.push({ seconds, fraction })
      while (samples.length > 2 && seconds - (samples[0]?.seconds ?? seconds) > windowSeconds) samples.shift()
      const perSecond = speed()
      progress = {
        fraction,
        title: reported.title ?? progress.title,
        detail: reported.detail ?? progress.detail,
        rate: reported.rate ?? (perSecond === null ? null : { value: perSecond * 100, unit: '%' }),
        secondsLeft: reported.secondsLeft ?? (perSecond === null ? null : (1 - fraction) / perSecond),
      }
      return progress
    },
    current: (): JobProgress => progress,
  }
}
