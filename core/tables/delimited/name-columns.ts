import type { DatasetWarning } from '../../../shared/domain/datasets.ts'

/** Names for columns: as written, made unique, and `column_3` where there is none; with a warning for each change. */
export function nameColumns(
  written: readonly string[],
  nColumns: number,
): { readonly names: readonly string[]; readonly warnings: readonly DatasetWarning[] } {
  const taken = new Set(written)
  const seen = new Set<string>()
  const warnings: DatasetWarning[] = []
  const names = Array.from({ length: nColumns }, (_, at) => {
    const original = (written[at] ?? '').replaceAll('\0', '')
    if (original !== '' && !seen.has(original)) {
      seen.add(original)
      return original
    }
    const name = freeName(original === '' ? 'column' : original, original === '' ? at + 1 : 2, taken, seen)
    seen.add(name)
    if (written.length > 0) {
      warnings.push({
        code: 'RENAMED_COLUMN',
        severity: 'warning',
        column: name,
        message:
          original === ''
            ? `Column ${at + 1} has no name, so it is called ${name}.`
            : `There is another column named ${original}, so column ${at + 1} is called ${name}.`,
        hint: 'Give the columns different names in the source to keep control of them.',
      })
    }
    return name
  })
  return { names, warnings }
}

function freeName(stem: string, first: number, taken: ReadonlySet<string>, seen: ReadonlySet<string>): string {
  for (let number = first; ; number++) {
    const name = `${stem}_${number}`
    if (!taken.has(name) && !seen.has(name)) return name
  }
}
