import { useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** The answer to the latest input that has one; `input` says which input that was. */
export interface LatestAnswer<Input, Answer> {
  readonly answer: Answer | null
  readonly input: Input | null
  readonly error: unknown
}

/**
 * Asks whenever the input changes, one question at a time: while one is under way only the latest input waits, so that a
 * slider never builds up a queue. The last answer stays until the next.
 */
export function useLatestAnswer<Input, Answer>(
  input: Input,
  ask: (input: Input) => Promise<Answer>,
): LatestAnswer<Input, Answer> {
  const [latest, setLatest] = useState<LatestAnswer<Input, Answer>>({ answer: null, input: null, error: null })
  const wanted = useRef<Input | null>(null)
  const busy = useRef(false)
  const asking = useRef(ask)
  useEffect(() => {
    asking.current = ask
  }, [ask])
  useEffect(() => {
    wanted.current = input
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
  }, [input])
  return latest
}
