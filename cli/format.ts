/** NaN and infinities as texts, since JSON has none; everything else with full precision. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, given: unknown) =>
    typeof given === 'number' && !Number.isFinite(given) ? String(given) : given,
  )
}

/** A short table: columns as wide as their widest cell, numbers to the right. */
export function table(headers: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return ''
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : oneLine(cell))))
  const widths = headers.map((header, at) => Math.max(header.length, ...texts.map((row) => row[at]?.length ?? 0)))
  const isNumeric = headers.map((_, at) => rows.every((row) => typeof row[at] === 'number'))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (isNumeric[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(headers), ...texts.map(line)].join('\n')
}

/** Six significant digits: enough to compare, few enough to read. `--json` has them all. */
export function number(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value)
}

export function bytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let value = count
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

export function seconds(value: number): string {
  if (value < 60) return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`
  const whole = Math.round(value)
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Names and messages come from files: control characters must not reach the terminal. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}
