import type { ChartOption } from '../../shared/charts/look.ts'
import type { MarkdownBlock } from '../../shared/markdown/markdown-tree.ts'
import type { PictureSize } from './chart-svg.ts'

/** A part of a page that is written as HTML or PDF. All texts are plain. */
export type DocumentBlock =
  | { readonly kind: 'text'; readonly text: string; readonly quiet?: true }
  | { readonly kind: 'markdown'; readonly blocks: readonly MarkdownBlock[] }
  | {
      readonly kind: 'table'
      readonly caption: string
      readonly columns: readonly { readonly title: string; readonly numeric?: true }[]
      readonly rows: readonly (readonly string[])[]
    }
  | {
      readonly kind: 'chart'
      /** Starts the picture's identifiers; one of its kind in a document. */
      readonly name: string
      readonly title: string
      /** What it shows, for who cannot see it. */
      readonly alternative: string
      readonly option: ChartOption
      readonly size: PictureSize
    }
  | {
      readonly kind: 'remark'
      readonly severity: 'info' | 'warning' | 'error'
      readonly text: string
      readonly hint: string
      /** Address where more is said of it. */
      readonly source: string | null
    }

/** What a report says, before it is a page: HTML and PDF are written from the same. */
export interface ReportDocument {
  readonly title: string
  /** Beneath the title: name and value. */
  readonly facts: readonly (readonly [string, string])[]
  readonly sections: readonly { readonly title: string; readonly blocks: readonly DocumentBlock[] }[]
  /** At the end, in small letters. */
  readonly footer: string
  /** ISO 8601: the moment that the content is of, which becomes the file's own date. */
  readonly time: string
}
