/** What the thread that watches memory shares with its process: an Int32Array, in megabytes. */
export const memoryWatchSlots = { limit: 0, peak: 1 } as const

/** Begins every line that the thread writes for the parent process: then the peak in megabytes, and `over` or `ok`. */
export const memoryLine = 'maestro:memory'
