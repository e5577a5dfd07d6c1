/** Texts that mean "no value" wherever they stand alone in a cell. */
export const missingTexts = [
  '',
  'NA',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'NAN',
  '-nan',
  '-NaN',
  'NULL',
  'null',
  'Null',
  'None',
  '?',
  '#N/A',
  '<NA>',
] as const

const missing = new Set<string>(missingTexts)

/** Characters of the longest of them. */
export const longestMissing = Math.max(...missingTexts.map((text) => text.length))

/** Whether a trimmed cell means "no value". */
export function isMissingText(text: string): boolean {
  return missing.has(text)
}
