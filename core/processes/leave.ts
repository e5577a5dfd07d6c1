/** Longer than a compilation in the background takes, shorter than anybody notices. */
const patienceMs = 50

/**
 * Lets the process end by itself with this code, and makes it when something keeps it back, as a child that is just ending.
 * `process.exit` at once would now and then wait for ever: it joins the threads that compile, and these may wait for a
 * collection of garbage that only the event loop does.
 */
export function leave(exitCode: number): void {
  process.exitCode = exitCode
  setTimeout(() => process.exit(exitCode), patienceMs).unref()
}
