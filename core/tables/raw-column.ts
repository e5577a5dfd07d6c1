import type { EncodedLevels, StoredColumn } from '../../engine/frame/column-file.ts'
import type { ColumnType, NumericColumn } from '../../engine/frame/frame.ts'
import type { ColumnProfile, DatasetWarning } from '../../shared/domain/datasets.ts'

/** A column as a file gives it, in pieces of consecutive rows. */
export type RawColumn = RawNumbers | RawTexts

export interface RawNumbers {
  readonly kind: 'numbers'
  readonly name: string
  readonly type: NumericColumn['type']
  readonly pieces: readonly Float64Array[]
}

export interface RawTexts {
  readonly kind: 'texts'
  readonly name: string
  /** Codes into one of the dictionaries; -1 is missing. */
  readonly pieces: readonly { readonly codes: Int32Array; readonly dictionary: number }[]
  /** A dictionary may have texts that no row has. */
  readonly dictionaries: readonly EncodedLevels[]
}

export interface RawTable {
  readonly nRows: number
  readonly columns: readonly RawColumn[]
  readonly warnings: readonly DatasetWarning[]
  /** How the file was read: format, delimiter, quote, encoding, header. */
  readonly reading: Readonly<Record<string, string>>
}

export interface FinishRequest {
  readonly raw: RawColumn
  readonly nRows: number
  /** The type that the user has chosen. */
  readonly wanted: ColumnType | null
  readonly decimalComma: boolean
  /** Texts must be UTF-8; else the file is read again as Latin-1. */
  readonly strict: boolean
}

/** A column as it is kept, with what is to be said of it. */
export interface FinishedColumn {
  readonly column: StoredColumn
  readonly warnings: readonly DatasetWarning[]
  readonly profile: ColumnProfile
  /** Of name, type and values. */
  readonly digest: string
  /** Of values alone, for columns that are there twice. */
  readonly valuesDigest: string
}
