/** A record of the first part of a file: its cells, trimmed, and the byte after its line end. */
export interface SampleRecord {
  readonly cells: readonly string[]
  /** Whether a quote stood at the start of a cell. */
  readonly quoted: readonly boolean[]
  readonly endAt: number
  readonly lines: number
}

/**
 * Splits the first bytes of a file into records, to find out how it is laid out: with the rules of parse-records.ts, but
 * forgiving. A last record that is cut off is left out unless the file ends with it; so are blank lines.
 */
export function splitSample(
  bytes: Uint8Array,
  isEnd: boolean,
  delimiter: Uint8Array,
  quote: number,
  mostRecords: number,
): SampleRecord[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const records: SampleRecord[] = []
  let at = 0
  while (at < bytes.length && records.length < mostRecords) {
    const cells: string[] = []
    const quoted: boolean[] = []
    let lines = 1
    let isDone = false
    while (!isDone) {
      while ((bytes[at] === 32 || bytes[at] === 9) && bytes[at] !== delimiter[0]) at += 1
      const isQuoted = bytes[at] === quote
      const pieces: Uint8Array[] = []
      if (isQuoted) {
        let start = ++at
        for (;;) {
          if (at >= bytes.length) return records
          if (bytes[at] === 10) lines += 1
          if (bytes[at] !== quote) at += 1
          else if (bytes[at + 1] === quote) {
            pieces.push(bytes.subarray(start, at + 1))
            at += 2
            start = at
          } else break
        }
        pieces.push(bytes.subarray(start, at))
        at += 1
      }
      const start = at
      while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13 && !startsWith(bytes, at, delimiter)) at += 1
      pieces.push(bytes.subarray(start, at))
      cells.push(
        pieces
          .map((piece) => decoder.decode(piece))
          .join('')
          .trim(),
      )
      quoted.push(isQuoted)
      if (at >= bytes.length) {
        if (!isEnd) return records
        isDone = true
      } else if (bytes[at] === 10 || bytes[at] === 13) {
        at += bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : 1
        isDone = true
      } else at += delimiter.length
    }
    if (cells.length === 1 && cells[0] === '' && !quoted[0]) {
      // A blank line belongs to what comes before it, so that line numbers and positions stay right.
      const last = records.pop()
      if (last) records.push({ ...last, endAt: at, lines: last.lines + lines })
      continue
    }
    records.push({ cells, quoted, endAt: at, lines })
  }
  return records
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let more = 0; more < text.length; more++) if (bytes[at + more] !== text[more]) return false
  return true
}
