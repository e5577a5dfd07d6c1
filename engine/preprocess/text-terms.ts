import type { CodedColumn } from '../frame/frame.ts'
import type { TermsEncoder } from './encoder.ts'

/** The words of a text, parted by blanks, as ONNX's StringSplit can part them; capitals and punctuation stay. */
export function tokensOf(text: string): string[] {
  return text.split(' ').filter((token) => token !== '')
}

/** Mean words of a level from which on texts are prose rather than names of categories. */
const leastMeanTokens = 3

/** Whether a column's texts are to be read word by word. */
export function isProse(levels: readonly string[]): boolean {
  if (levels.length === 0) return false
  const count = levels.reduce((sum, level) => sum + tokensOf(level).length, 0)
  return count >= leastMeanTokens * levels.length
}

const mostTerms = 100
const mostForms = 10_000
/** A term stands in so many training rows at least, and in such a share of them at most. */
const leastRows = 5
const leastShare = 0.005
const mostShare = 0.9

/**
 * Fits a vocabulary on the training rows: the words that stand in most of them, whatever their capitals and the
 * punctuation around them, weighted by how rare they are (smooth inverse document frequency, as scikit-learn's
 * TfidfVectorizer). Null where no word is common enough.
 */
export function fitTerms(column: CodedColumn, rows: Int32Array, input: number): TermsEncoder | null {
  const rowsOfTerm = new Map<string, number>()
  const formsOfTerm = new Map<string, Set<string>>()
  let present = 0
  for (const row of rows) {
    const code = column.codes[row] as number
    if (code < 0) continue
    present += 1
    const seen = new Set<string>()
    for (const token of tokensOf(column.levels[code] as string)) {
      const term = termOf(token)
      if (term === '') continue
      const forms = formsOfTerm.get(term)
      if (forms) forms.add(token)
      else formsOfTerm.set(term, new Set([token]))
      seen.add(term)
    }
    for (const term of seen) rowsOfTerm.set(term, (rowsOfTerm.get(term) ?? 0) + 1)
  }
  const least = Math.max(leastRows, leastShare * present)
  const chosen = [...rowsOfTerm]
    .filter(([, count]) => count >= least && count <= mostShare * present)
    .sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1))
    .slice(0, mostTerms)
  if (chosen.length === 0) return null
  const terms = chosen.map(([term]) => term)
  const forms = new Map<string, number>()
  for (const [place, term] of terms.entries()) {
    for (const form of [...(formsOfTerm.get(term) ?? []), ...usualForms(term)]) {
      if (!forms.has(form) && forms.size < mostForms) forms.set(form, place)
    }
  }
  return {
    kind: 'terms',
    input,
    terms,
    forms: [...forms.keys()],
    termOfForm: [...forms.values()],
    weights: chosen.map(([, count]) => Math.log((1 + present) / (1 + count)) + 1),
  }
}

/** A word without capitals and without the punctuation around it. */
function termOf(token: string): string {
  return token.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
}

/** How a word may stand in texts to come: the export can only look spellings up. */
function usualForms(term: string): string[] {
  const [first = ''] = term
  const spellings = [term, first.toUpperCase() + term.slice(first.length), term.toUpperCase()]
  return spellings.flatMap((spelling) => ['', '.', ',', ';', ':', '!', '?', ')'].map((end) => spelling + end))
}

/** Encoders are never changed once they are made, and score many small batches. */
const knownPlaces = new WeakMap<TermsEncoder, ReadonlyMap<string, number>>()

function placesOf(encoder: TermsEncoder): ReadonlyMap<string, number> {
  const known = knownPlaces.get(encoder)
  if (known) return known
  const places = new Map(encoder.forms.map((form, at) => [form, encoder.termOfForm[at] as number]))
  knownPlaces.set(encoder, places)
  return places
}

/** For every row how often each term stands in its text, times the term's weight; 0 where the text is missing. */
export function encodeTerms(
  encoder: TermsEncoder,
  column: CodedColumn,
  rows: Int32Array | null,
  nRows: number,
): Float32Array[] {
  const out = encoder.terms.map(() => new Float32Array(nRows))
  const { weights } = encoder
  const placeOf = placesOf(encoder)
  const known = new Map<number, Map<number, number>>()
  for (let i = 0; i < nRows; i++) {
    const code = column.codes[rows ? (rows[i] as number) : i] as number
    if (code < 0) continue
    let counts = known.get(code)
    if (!counts) {
      counts = countTerms(column.levels[code] as string, placeOf)
      known.set(code, counts)
    }
    for (const [place, count] of counts) (out[place] as Float32Array)[i] = count * (weights[place] as number)
  }
  return out
}

function countTerms(text: string, placeOf: ReadonlyMap<string, number>): Map<number, number> {
  const counts = new Map<number, number>()
  for (const token of tokensOf(text)) {
    const place = placeOf.get(token)
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return counts
}
