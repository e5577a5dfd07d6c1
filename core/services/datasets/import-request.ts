import type { ColumnType } from '../../../engine/frame/frame.ts'
import type { ReadingOptions } from '../../tables/reading-options.ts'

/** What to import: a file on this machine, an upload, or pasted text; and how to read it. */
export interface ImportRequest {
  readonly source:
    | { readonly path: string }
    | { readonly upload: string }
    | { readonly text: string; readonly fileName: string }
  readonly name?: string | undefined
  readonly types: Readonly<Record<string, ColumnType>>
  readonly reading: ReadingOptions
}
