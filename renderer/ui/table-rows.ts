/** What a table needs of a column to sort, filter and copy it. */
export interface ValueColumn<Row> {
  readonly key: string
  readonly title: string
  readonly value: (row: Row) => string | number | null
}

export interface TableSort {
  readonly key: string
  readonly descending: boolean
}

/** Rows in which some column has the text, in the chosen order; rows without a value come last in both directions. */
export function arrangeRows<Row>(
  rows: readonly Row[],
  columns: readonly ValueColumn<Row>[],
  filter: string,
  sort: TableSort | null,
): readonly Row[] {
  const wanted = filter.trim().toLowerCase()
  const has = (row: Row) =>
    columns.some(({ value }) =>
      String(value(row) ?? '')
        .toLowerCase()
        .includes(wanted),
    )
  const kept = wanted === '' ? rows : rows.filter(has)
  const column = columns.find(({ key }) => key === sort?.key)
  if (!column || !sort) return kept
  const sign = sort.descending ? -1 : 1
  const compare = new Intl.Collator('en', { numeric: true }).compare
  // Values are read once a row, not once a comparison.
  const keyed = kept.map((row) => ({ row, value: column.value(row) }))
  keyed.sort(({ value: x }, { value: y }) => {
    const xIsEmpty = isEmpty(x)
    const yIsEmpty = isEmpty(y)
    if (xIsEmpty || yIsEmpty) return Number(xIsEmpty) - Number(yIsEmpty)
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y)
    return sign * compare(String(x), String(y))
  })
  return keyed.map(({ row }) => row)
}

function isEmpty(value: string | number | null): boolean {
  return value === null || Number.isNaN(value)
}

/** The order after a click on a column's head: its natural direction, the other one, none. */
export function nextSort(sort: TableSort | null, key: string, startsDescending: boolean): TableSort | null {
  if (sort?.key !== key) return { key, descending: startsDescending }
  return sort.descending === startsDescending ? { key, descending: !startsDescending } : null
}

/** Whether a column holds numbers, judged by the first rows that have a value there. */
export function isNumericColumn<Row>(rows: readonly Row[], column: ValueColumn<Row>): boolean {
  return rows.slice(0, 20).some((row) => typeof column.value(row) === 'number')
}

/** The row that Tab reaches: the focused one where it is drawn, else the first in view. Null without rows. */
export function tabStop(focused: number, drawn: readonly number[], firstInView: number): number | null {
  if (drawn.includes(focused)) return focused
  return drawn.includes(firstInView) ? firstInView : (drawn[0] ?? null)
}

/** What is selected once a range from `anchor` to `to` (both included, in either order) was added or taken away. */
export function withRange(
  selection: ReadonlySet<string>,
  keys: readonly string[],
  anchor: number,
  to: number,
  isAdded: boolean,
): ReadonlySet<string> {
  const next = new Set(selection)
  for (const key of keys.slice(Math.min(anchor, to), Math.max(anchor, to) + 1)) {
    if (isAdded) next.add(key)
    else next.delete(key)
  }
  return next
}

/** A head and a line a row, with full numbers; cells that hold a separator, quote or line break are quoted. */
export function rowsToText<Row>(
  rows: readonly Row[],
  columns: readonly ValueColumn<Row>[],
  separator: ',' | '\t',
): string {
  return cellsToText(
    [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ value }) => value(row)))],
    separator,
  )
}

/** Lines of cells as CSV or tab-separated text; missing values are empty. */
export function cellsToText(
  lines: readonly (readonly (string | number | boolean | null)[])[],
  separator: ',' | '\t',
): string {
  const cell = (value: string | number | boolean | null) => {
    const text = String(value ?? '')
    return /["\t\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return `${lines.map((line) => line.map(cell).join(separator)).join('\n')}\n`
}
