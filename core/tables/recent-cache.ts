/** Keeps what was used last, up to so many bytes in all. */
export interface RecentCache {
  has(key: string): boolean
  /** From the cache, or made and kept. Keys of one kind must always have values of one type. */
  take<Value>(key: string, make: () => { readonly value: Value; readonly bytes: number }): Value
}

export function createRecentCache(mostBytes: number): RecentCache {
  // A map lists its entries in the order in which they were put in: the first was used longest ago.
  const entries = new Map<string, { readonly value: unknown; readonly bytes: number }>()
  let total = 0
  return {
    has: (key) => entries.has(key),
    take<Value>(key: string, make: () => { readonly value: Value; readonly bytes: number }) {
      const known = entries.get(key)
      const entry = known ?? make()
      if (known) entries.delete(key)
      else total += entry.bytes
      entries.set(key, entry)
      for (const [oldest, { bytes }] of entries) {
        if (total <= mostBytes || oldest === key) break
        entries.delete(oldest)
        total -= bytes
      }
      return entry.value as Value
    },
  }
}
