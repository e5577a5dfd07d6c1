import { numberOfText } from './delimited/cell-values.ts'

/** How a column writes its numbers. */
export interface NumberForm {
  readonly read: (text: string) => number | undefined
  /** What is so, for the user; null for plain numbers. */
  readonly as: string | null
  readonly code: 'MIXED_TYPES' | 'DECIMAL_COMMA'
  /** Whether the other convention would read other numbers, so that somebody has to look. */
  readonly isAmbiguous: boolean
}

type Mark = 'point' | 'comma'

const currencies = '[$€£¥₹₽₩]|USD|EUR|GBP|CHF|JPY|kr|zł'
const currencyBefore = new RegExp(`^([+-]?)\\s?(?:${currencies})\\s?`, 'u')
const currencyAfter = new RegExp(`\\s?(?:${currencies})$`, 'u')
const bodies: Readonly<Record<Mark, { readonly pattern: RegExp; readonly groups: RegExp; readonly mark: string }>> = {
  point: { pattern: /^[+-]?(\d{1,3}([,'’\s]\d{3})+|\d+)?(\.\d*)?$/, groups: /[,'’\s]/g, mark: '.' },
  comma: { pattern: /^[+-]?(\d{1,3}([.'’\s]\d{3})+|\d+)?(,\d*)?$/, groups: /[.'’\s]/g, mark: ',' },
}

/** The way that fits every text of a column, or null. `prefersComma` decides where two ways fit. */
export function findNumberForm(texts: readonly string[], prefersComma: boolean): NumberForm | null {
  if (texts.every((text) => numberOfText(text) !== undefined) && !prefersComma)
    return { read: numberOfText, as: null, code: 'MIXED_TYPES', isAmbiguous: false }
  const isPercent = texts.every((text) => text.endsWith('%'))
  const marks: readonly Mark[] = prefersComma ? ['comma', 'point'] : ['point', 'comma']
  const read = (mark: Mark) => (text: string) => readFormatted(text, mark, isPercent)
  const fitting = marks.filter((mark) => texts.every((text) => read(mark)(text) !== undefined))
  const [mark, other] = fitting
  if (mark === undefined) return null
  const isAmbiguous = other !== undefined && texts.some((text) => read(mark)(text) !== read(other)(text))
  const hasSign = texts.some((text) => bareText(text, isPercent) !== text.replace('−', '-'))
  return {
    read: read(mark),
    as: describe(mark, isPercent, hasSign, texts),
    code: mark === 'comma' && texts.some((text) => text.includes(',')) ? 'DECIMAL_COMMA' : 'MIXED_TYPES',
    isAmbiguous,
  }
}

function describe(mark: Mark, isPercent: boolean, hasSign: boolean, texts: readonly string[]): string | null {
  const parts: string[] = []
  if (isPercent) parts.push('percentages, kept as the number before the sign')
  else if (hasSign) parts.push('amounts, kept without their sign')
  if (mark === 'comma' && texts.some((text) => /,/.test(text))) parts.push('numbers with a decimal comma')
  else if (texts.some((text) => /\d[,'’\s.]\d{3}/.test(text) && numberOfText(text) === undefined))
    parts.push('numbers with marks between thousands')
  return parts.length > 0 ? parts.join(' and ') : null
}

/** One text with the marks of a convention; accountants' parentheses are a minus. */
function readFormatted(text: string, mark: Mark, isPercent: boolean): number | undefined {
  let bare = bareText(text, isPercent)
  const inParentheses = /^\((.+)\)$/.exec(bare)
  if (inParentheses) bare = bareText(inParentheses[1] as string, false)
  const body = bodies[mark]
  if (bare.length > 100 || !/\d/.test(bare)) return undefined
  if (!body.pattern.test(bare)) return /[eE]/.test(bare) && mark === 'point' ? numberOfText(bare) : undefined
  const plain = bare.replaceAll(body.groups, '').replace(body.mark, '.')
  // Codes such as postcodes keep their leading zeros.
  if (/^[+-]?0\d/.test(plain)) return undefined
  const value = Number(plain)
  // Whole numbers that a double cannot hold are identifiers.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER && !plain.includes('.')) return undefined
  return inParentheses ? -value : value
}

function bareText(text: string, isPercent: boolean): string {
  const whole = (isPercent ? text.slice(0, -1) : text).trim().replace('−', '-')
  return whole.replace(currencyBefore, '$1').replace(currencyAfter, '').trim()
}
