/** Choices of the user that override what was found in the file. */
export interface ReadingOptions {
  readonly delimiter?: string | undefined
  readonly quote?: string | undefined
  readonly encoding?: 'utf-8' | 'utf-16' | 'latin-1' | undefined
  readonly header?: boolean | undefined
  readonly decimalComma?: boolean | undefined
}
