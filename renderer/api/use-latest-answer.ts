import { useCallback, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** The answer to the latest input that has one; `input` says which input that was. */
export interface LatestAnswer<Input, Answer> {
  readonly answer: Answer | null
  readonly input: Input | null
  readonly error: unknown
  /** Asks about an input that is about to be given, so that the host works while it is drawn. */
  readonly askNow: (input: Input) => void
}

/**
 * Asks whenever the input changes, one question at a time: while one is under way only the latest input waits, so that a
 * slider never builds up a queue. The last answer stays until the next.
 */
export function useLatestAnswer<Input, Answer>(
  input: Input,
  ask: (input: Input) => Promise<Answer>,
): LatestAnswer<Input, Answer> {
  const [latest, setLatest] = useState<Omit<LatestAnswer<Input, Answer>, 'askNow'>>({
    answer: null,
    input: null,
    error: null,
  })
  const wanted = useRef<Input | null>(null)
  const asked = useRef<Input | null>(null)
  const busy = useRef(false)
  const asking = useRef(ask)
  useEffect(() => {
    asking.current = ask
  }, [ask])
  const askNow = useCallback((about: Input) => {
    if (asked.current === about) return
    asked.current = about
    wanted.current = about
    const run = async () => {
      if (busy.current) return
      busy.current = true
      while (wanted.current !== null) {
        const next = wanted.current
        wanted.current = null
        try {
          const answer = await asking.current(next)
          // At once: left to the scheduler it would often miss the frame that comes.
          flushSync(() => setLatest({ answer, input: next, error: null }))
        } catch (error) {
          setLatest((before) => ({ ...before, input: next, error }))
        }
      }
      busy.current = false
    }
    void run()
  }, [])
  useEffect(() => askNow(input), [askNow, input])
  return { ...latest, askNow }
}
