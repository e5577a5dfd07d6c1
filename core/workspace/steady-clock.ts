/**
 * Calls `work` every so often until it is stopped, each time anew from the end of the last. A timer that was due while
 * the machine slept fires once when it wakes; what `work` does must follow from the time of day, not from how often it was
 * called. It keeps no process alive. `failed` hears of what `work` throws; the clock goes on.
 */
export function startSteadyClock(
  work: () => void,
  {
    everyMs,
    firstMs,
    failed,
  }: { readonly everyMs: number; readonly firstMs: number; readonly failed: (error: unknown) => void },
): { stop(): void } {
  let timer = setTimeout(tick, firstMs).unref()
  let stopped = false
  function tick(): void {
    try {
      work()
    } catch (error) {
      failed(error)
    }
    if (!stopped) timer = setTimeout(tick, everyMs).unref()
  }
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
