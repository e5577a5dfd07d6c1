/** What was remembered in this browser under a name; null where there is nothing, or nothing that can be read. */
export function readRemembered(name: string): unknown {
  try {
    const text = localStorage.getItem(name)
    return text === null ? null : (JSON.parse(text) as unknown)
  } catch {
    // Storage is off, or somebody else wrote there: as if nothing was remembered.
    return null
  }
}

/** Remembers a value for this browser; where storage is off or full it is forgotten with the page. */
export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value))
  } catch {
    // A convenience only.
  }
}

/** A list of texts that was remembered, or null. */
export function readRememberedTexts(name: string): readonly string[] | null {
  const value = readRemembered(name)
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : null
}
