import { createHash } from 'node:crypto'
import type { EncodedLevels, StoredColumn } from '../../engine/frame/column-file.ts'
import { decodeLevels, encodeLevels } from '../../engine/frame/column-file.ts'
import type { CodedColumn, Column } from '../../engine/frame/frame.ts'
import { isMissingText, longestMissing } from '../../engine/frame/missing-texts.ts'
import type { DatasetWarning } from '../../shared/domain/datasets.ts'
import { inferNumbers, inferTexts } from './infer-types.ts'
import { profileColumn } from './profile-column.ts'
import type { FinishedColumn, FinishRequest, RawNumbers, RawTexts } from './raw-column.ts'

/** Puts the pieces of a column together, finds what type it has, and profiles it. Throws TypeError on invalid UTF-8. */
export function finishColumn({ raw, nRows, wanted, decimalComma, strict }: FinishRequest): FinishedColumn {
  const chosen = wanted ?? undefined
  const warnings: DatasetWarning[] = []
  const inferred =
    raw.kind === 'numbers'
      ? inferNumbers({ storage: 'float64', name: raw.name, type: raw.type, values: joinNumbers(raw, nRows) }, chosen)
      : inferTexts(joinTexts(raw, nRows, strict, warnings), chosen, decimalComma)
  const { column } = inferred
  const stored = storedColumn(column)
  const valuesDigest = digestOfValues(stored)
  return {
    column: stored,
    warnings: [...warnings, ...inferred.warnings],
    profile: profileColumn(column),
    digest: digestOfColumn(stored, valuesDigest),
    valuesDigest,
  }
}

export function storedColumn(column: Column): StoredColumn {
  if (column.storage === 'float64') return column
  const { text, ends } = encodeLevels(column.levels)
  return { ...column, levels: { text: shared(text), ends: sharedEnds(ends) } }
}

/** The same with its levels as texts. */
export function readColumn(stored: StoredColumn): Column {
  return stored.storage === 'float64' ? stored : { ...stored, levels: decodeLevels(stored.levels) }
}

/** Of what a table says: names, types and values, whatever file it came in. */
export function contentDigest(nRows: number, digests: readonly string[]): string {
  return `sha256:${createHash('sha256')
    .update(`maestro-table 1 ${nRows}\n${digests.join('\n')}`)
    .digest('hex')}`
}

/** Of name, type and values. */
export function digestOfColumn(column: StoredColumn, valuesDigest = digestOfValues(column)): string {
  const spelling = column.storage === 'float64' ? (column.spelling ?? null) : null
  return createHash('sha256')
    .update(JSON.stringify([column.name, column.type, spelling, valuesDigest]))
    .digest('hex')
}

function digestOfValues(column: StoredColumn): string {
  const hash = createHash('sha256')
  if (column.storage === 'float64') return hash.update(bytesOf(column.values)).digest('hex')
  const { text, ends } = column.levels
  return hash.update(`${ends.length} `).update(bytesOf(ends)).update(text).update(bytesOf(column.codes)).digest('hex')
}

function joinNumbers({ pieces }: RawNumbers, nRows: number): Float64Array {
  const [only] = pieces
  if (pieces.length === 1 && only?.length === nRows && only.buffer instanceof SharedArrayBuffer) return only
  const values = new Float64Array(new SharedArrayBuffer(nRows * 8))
  let at = 0
  for (const piece of pieces) {
    values.set(piece, at)
    at += piece.length
  }
  return values
}

/** Texts trimmed and merged, with what means "no value" as -1, levels sorted by code units. */
function joinTexts(raw: RawTexts, nRows: number, strict: boolean, warnings: DatasetWarning[]): CodedColumn {
  const used = usedCodes(raw)
  const provisional = new Map<string, number>()
  const spellings = new Map<string, Set<string>>()
  const hasNul = raw.dictionaries.some(({ text }) => text.includes(0))
  const merged = raw.dictionaries.map((dictionary, index) => {
    const flags = used[index] as Uint8Array
    const texts = decodeLevels(onlyUsed(dictionary, flags), strict)
    const merged = new Int32Array(texts.length).fill(-1)
    for (let code = 0; code < texts.length; code++) {
      if (flags[code] === 0) continue
      const tidy = tidyText(texts[code] as string, hasNul)
      if (tidy.length <= longestMissing && isMissingText(tidy)) continue
      if (tidy !== texts[code]) spellings.set(tidy, (spellings.get(tidy) ?? new Set()).add(texts[code] as string))
      let id = provisional.get(tidy)
      if (id === undefined) {
        id = provisional.size
        provisional.set(tidy, id)
      }
      merged[code] = id
    }
    return merged
  })
  if (hasNul) warnings.push(nulWarning(raw.name))
  else warnings.push(...mergedSpellings(raw, used, spellings))
  const levels = [...provisional.keys()].sort()
  const rank = new Int32Array(levels.length)
  for (let code = 0; code < levels.length; code++) rank[provisional.get(levels[code] as string) as number] = code
  const codes = new Int32Array(new SharedArrayBuffer(nRows * 4))
  let at = 0
  for (const piece of raw.pieces) {
    const ofPiece = merged[piece.dictionary] as Int32Array
    for (let row = 0; row < piece.codes.length; row++) {
      const code = piece.codes[row] as number
      const id = code < 0 ? -1 : (ofPiece[code] as number)
      codes[at++] = id < 0 ? -1 : (rank[id] as number)
    }
  }
  return { storage: 'codes', name: raw.name, type: 'category', codes, levels }
}

/** The reader trims blanks; other white space is left to here. */
function tidyText(text: string, hasNul: boolean): string {
  const trimmed = isTidy(text.charCodeAt(0)) && isTidy(text.charCodeAt(text.length - 1)) ? text : text.trim()
  return hasNul && trimmed.includes('\0') ? trimmed.replaceAll('\0', '').trim() : trimmed
}

function isTidy(unit: number): boolean {
  return unit > 32 && unit < 0x80
}

function usedCodes({ pieces, dictionaries }: RawTexts): Uint8Array[] {
  const used = dictionaries.map(({ ends }) => new Uint8Array(ends.length))
  for (const { codes, dictionary } of pieces) {
    const flags = used[dictionary] as Uint8Array
    for (let row = 0; row < codes.length; row++) if ((codes[row] as number) >= 0) flags[codes[row] as number] = 1
  }
  return used
}

/** Texts that no row has are emptied: they may be the leavings of a part that was read from the wrong place. */
function onlyUsed({ text, ends }: EncodedLevels, flags: Uint8Array): EncodedLevels {
  if (!flags.includes(0)) return { text, ends }
  const kept = new Uint8Array(text.length)
  const keptEnds = new Uint32Array(ends.length)
  let length = 0
  for (let code = 0; code < ends.length; code++) {
    if (flags[code] !== 0) {
      const piece = text.subarray(code === 0 ? 0 : ends[code - 1], ends[code])
      kept.set(piece, length)
      length += piece.length
    }
    keptEnds[code] = length
  }
  return { text: kept.subarray(0, length), ends: keptEnds }
}

/**
 * Values that differed only in the white space around them and have become one, which is nearly always meant; a model of
 * another tool that tells them apart gets the trimmed one for all.
 */
function mergedSpellings(
  raw: RawTexts,
  used: readonly Uint8Array[],
  spellings: ReadonlyMap<string, Set<string>>,
): DatasetWarning[] {
  if (spellings.size === 0) return []
  for (const [index, dictionary] of raw.dictionaries.entries()) {
    const flags = used[index] as Uint8Array
    for (const [code, text] of decodeLevels(onlyUsed(dictionary, flags)).entries()) {
      if (flags[code] === 1) spellings.get(text)?.add(text)
    }
  }
  const merged = [...spellings].filter(([, texts]) => texts.size > 1).map(([tidy]) => tidy)
  const [first] = merged
  if (first === undefined) return []
  return [
    {
      code: 'MERGED_SPELLINGS',
      severity: 'info',
      column: raw.name,
      message: `${raw.name} has ${merged.length} ${merged.length === 1 ? 'value that is' : 'values that are'} spelled with and without spaces around, such as “${first.slice(0, 40)}”; each counts as one.`,
      hint: 'If a model of another tool tells the spellings apart, it gets the one without spaces for all of them.',
    },
  ]
}

function nulWarning(name: string): DatasetWarning {
  return {
    code: 'NUL_BYTES',
    severity: 'warning',
    column: name,
    message: `${name} has texts with NUL bytes; they were left out.`,
    hint: 'The program that wrote the file may have cut values short: look at the rows.',
  }
}

function bytesOf(array: Float64Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

function sharedEnds(ends: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(ends.byteLength))
  copy.set(ends)
  return copy
}
