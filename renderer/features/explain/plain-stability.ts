import type { Explanation } from '../../../shared/domain/explanations.ts'
import { rankAgreement } from './rank-agreement.ts'

/** Below it an order of columns is not to be relied on; the bar that LIME has to reach too. */
export const agreementBar = 0.8

/** What a reader has to be warned of in one row's explanation; `sure` where nothing. */
interface PlainStability {
  readonly sure: boolean
  readonly text: string
}

/**
 * In words whether other ways of explaining a row say the same: `grouped` with columns that say the same sharing credit,
 * and `local` by an approximation around the row, which counts only where it repeats itself.
 */
export function plainStability(own: Explanation, grouped: Explanation, local: Explanation): PlainStability {
  const [row] = own.rows
  const k = own.task === 'multiclass' && row ? Math.max(0, own.classes.indexOf(String(row.prediction))) : 0
  const valuesOf = (explanation: Explanation) => explanation.rows[0]?.values[k] ?? []
  const withGroups = rankAgreement(valuesOf(own), valuesOf(grouped))
  const withLocal = local.rows[0]?.stable === false ? 1 : rankAgreement(valuesOf(own), valuesOf(local))
  const groups = (grouped.grouped ?? []).map((group) => group.join(' and '))
  const warnings = [
    withGroups < agreementBar
      ? `${groups.length > 0 ? `Some columns say nearly the same (${groups.join('; ')}).` : 'Some columns say nearly the same.'} Which of them gets the credit is partly a convention: do not draw fine distinctions between them.`
      : '',
    withLocal < agreementBar
      ? 'A rougher way of working this out puts the columns in another order. Rely on the strongest ones only.'
      : '',
    own.exact ? '' : 'These numbers are estimates: read the strongest columns, not small differences.',
  ].filter((warning) => warning !== '')
  return warnings.length === 0
    ? { sure: true, text: 'Other ways of working this out put the columns in the same order.' }
    : { sure: false, text: warnings.join(' ') }
}
