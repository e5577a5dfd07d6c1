import { ActionIcon, Checkbox, Group, Menu, Text, TextInput } from '@mantine/core'
import { IconColumns, IconCopy, IconDownload, IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { KeyboardEvent, ReactNode } from 'react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { saveText } from '../api/upload.ts'
import { formatNumber } from './numbers.tsx'
import { useRowHeight } from './use-theme.ts'

export interface DataColumn<Row> {
  readonly key: string
  readonly title: string
  /** What is sorted, filtered and exported. */
  readonly value: (row: Row) => string | number | null
  /** What is shown; default: the value, numbers with four digits. */
  readonly render?: (row: Row) => ReactNode
  readonly width?: number
  /** Not shown until it is chosen. */
  readonly hidden?: boolean
}

interface DataTableProps<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly DataColumn<Row>[]
  readonly rowKey: (row: Row) => string
  /** Opens a row: click or Enter. */
  readonly onOpen?: (row: Row) => void
  readonly selection?: ReadonlySet<string>
  readonly onSelect?: (keys: ReadonlySet<string>) => void
  readonly height?: number
  /** Shown at the left of the tools. */
  readonly tools?: ReactNode
  /** Remembers the chosen columns under this name. */
  readonly view?: string
}

/** A table of any length: sort, filter, columns, keyboard, copy and export of what is shown. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, onOpen, selection, onSelect, view } = props
  const [sort, setSort] = useState<{ key: string; descending: boolean } | null>(null)
  const [filter, setFilter] = useState('')
  const [hidden, setHidden] = useState(() => hiddenColumns(view, columns))
  const [focused, setFocused] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = useRowHeight()
  const shown = columns.filter(({ key }) => !hidden.has(key))
  const ordered = useMemo(() => arrange(rows, columns, filter, sort), [rows, columns, filter, sort])
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it remembers is of the size before
  useEffect(() => virtual.measure(), [virtual, rowHeight])
  const width = shown.reduce((sum, column) => sum + (column.width ?? 140), onSelect ? 40 : 0)
  const height = Math.min(props.height ?? 520, (ordered.length + 1) * rowHeight + 4)

  const move = (to: number) => {
    const next = Math.max(0, Math.min(ordered.length - 1, to))
    setFocused(next)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus())
  }
  const toggle = (row: Row) => {
    if (!onSelect) return
    const next = new Set(selection)
    if (!next.delete(rowKey(row))) next.add(rowKey(row))
    onSelect(next)
  }
  const onKeyDown = (event: KeyboardEvent, row: Row, index: number) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 15,
      PageUp: -15,
      Home: -ordered.length,
      End: ordered.length,
    }
    const step = steps[event.key]
    if (step !== undefined) move(index + step)
    else if (event.key === 'Enter') onOpen?.(row)
    else if (event.key === ' ' && onSelect) toggle(row)
    else return
    event.preventDefault()
  }

  return (
    <div>
      <Group mb="xs" gap="xs">
        {props.tools}
        <TextInput
          size="xs"
          w={220}
          leftSection={<IconSearch size={14} />}
          placeholder="Filter"
          aria-label={`Filter ${label}`}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed" aria-live="polite">
          {ordered.length === rows.length
            ? `${rows.length.toLocaleString('en')} rows`
            : `${ordered.length.toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows`}
        </Text>
        <Group ml="auto" gap={4}>
          <ColumnMenu columns={columns} hidden={hidden} onChange={(next) => setHidden(rememberColumns(view, next))} />
          <ActionIcon
            variant="subtle"
            aria-label="Copy as tab-separated text"
            title="Copy"
            onClick={() => void navigator.clipboard.writeText(toText(ordered, shown, '\t'))}
          >
            <IconCopy size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label="Export as CSV"
            title="Export as CSV"
            onClick={() => saveText(`${label}.csv`, 'text/csv', toText(ordered, shown, ','))}
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <div
        className="grid-table"
        ref={scroller}
        style={{ height }}
        role="grid"
        aria-label={label}
        aria-rowcount={ordered.length + 1}
        tabIndex={ordered.length === 0 ? 0 : undefined}
      >
        <div className="grid-head" role="row" style={{ width }} tabIndex={-1}>
          {onSelect && <div className="grid-cell" role="columnheader" style={{ width: 40 }} aria-label="Selected" />}
          {shown.map((column) => (
            <HeadCell key={column.key} column={column} right={isNumeric(rows, column)} sort={sort} onSort={setSort} />
          ))}
        </div>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = ordered[index] as Row
            const isSelected = selection?.has(rowKey(row)) ?? false
            return (
              <div
                key={rowKey(row)}
                className="grid-row"
                role="row"
                data-index={index}
                data-clickable={onOpen !== undefined}
                aria-rowindex={index + 2}
                aria-selected={onSelect ? isSelected : undefined}
                tabIndex={index === focused ? 0 : -1}
                style={{ transform: `translateY(${start}px)`, width, height: rowHeight }}
                onClick={() => onOpen?.(row)}
                onFocus={() => setFocused(index)}
                onKeyDown={(event) => onKeyDown(event, row, index)}
              >
                {onSelect && (
                  <div className="grid-cell" role="gridcell" style={{ width: 40 }}>
                    <Checkbox
                      size="xs"
                      mt={8}
                      tabIndex={-1}
                      checked={isSelected}
                      aria-label={`Select ${rowKey(row)}`}
                      onClick={(event) => event.stopPropagation()}
                      onChange={() => toggle(row)}
                    />
                  </div>
                )}
                {shown.map((column) => (
                  <BodyCell key={column.key} column={column} row={row} />
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function HeadCell<Row>(props: {
  readonly column: DataColumn<Row>
  readonly right: boolean
  readonly sort: { key: string; descending: boolean } | null
  readonly onSort: (sort: { key: string; descending: boolean } | null) => void
}) {
  const { column, sort, onSort } = props
  const mine = sort?.key === column.key ? sort : null
  const next =
    mine === null
      ? { key: column.key, descending: props.right }
      : mine.descending === props.right
        ? { key: column.key, descending: !props.right }
        : null
  return (
    <div
      className="grid-cell"
      role="columnheader"
      data-align={props.right ? 'right' : undefined}
      style={{ width: column.width ?? 140 }}
      aria-sort={mine ? (mine.descending ? 'descending' : 'ascending') : 'none'}
      tabIndex={-1}
    >
      <button type="button" className="grid-sort" title={`Sort by ${column.title}`} onClick={() => onSort(next)}>
        {column.title}
        {mine ? (mine.descending ? ' ↓' : ' ↑') : ''}
      </button>
    </div>
  )
}

function BodyCell<Row>({ column, row }: { readonly column: DataColumn<Row>; readonly row: Row }) {
  const value = column.value(row)
  const isNumber = typeof value === 'number'
  return (
    <div
      className="grid-cell"
      role="gridcell"
      data-align={isNumber ? 'right' : undefined}
      style={{ width: column.width ?? 140 }}
      title={value === null ? '' : String(value)}
    >
      {column.render ? column.render(row) : value === null ? '–' : isNumber ? formatNumber(value) : value}
    </div>
  )
}

function ColumnMenu<Row>(props: {
  readonly columns: readonly DataColumn<Row>[]
  readonly hidden: ReadonlySet<string>
  readonly onChange: (hidden: ReadonlySet<string>) => void
}) {
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label="Choose columns" title="Columns">
          <IconColumns size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={400} style={{ overflow: 'auto' }}>
        {props.columns.map(({ key, title }) => (
          <Menu.Item
            key={key}
            onClick={() => {
              const next = new Set(props.hidden)
              if (!next.delete(key)) next.add(key)
              props.onChange(next)
            }}
          >
            {props.hidden.has(key) ? '☐' : '☑'} {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function hiddenColumns<Row>(view: string | undefined, columns: readonly DataColumn<Row>[]): ReadonlySet<string> {
  const stored = view === undefined ? null : localStorage.getItem(`columns:${view}`)
  if (stored !== null) return new Set(JSON.parse(stored) as string[])
  return new Set(columns.filter((column) => column.hidden).map(({ key }) => key))
}

function rememberColumns(view: string | undefined, hidden: ReadonlySet<string>): ReadonlySet<string> {
  if (view !== undefined) localStorage.setItem(`columns:${view}`, JSON.stringify([...hidden]))
  return hidden
}

function isNumeric<Row>(rows: readonly Row[], column: DataColumn<Row>): boolean {
  return rows.slice(0, 20).some((row) => typeof column.value(row) === 'number')
}

function arrange<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  filter: string,
  sort: { key: string; descending: boolean } | null,
): readonly Row[] {
  const wanted = filter.trim().toLowerCase()
  const kept =
    wanted === ''
      ? rows
      : rows.filter((row) =>
          columns.some((column) =>
            String(column.value(row) ?? '')
              .toLowerCase()
              .includes(wanted),
          ),
        )
  const column = columns.find(({ key }) => key === sort?.key)
  if (!column || !sort) return kept
  const sign = sort.descending ? -1 : 1
  return [...kept].sort((a, b) => {
    const x = column.value(a)
    const y = column.value(b)
    // Rows without a value come last in both directions.
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y)
    return sign * String(x).localeCompare(String(y), 'en', { numeric: true })
  })
}

function toText<Row>(rows: readonly Row[], columns: readonly DataColumn<Row>[], separator: string): string {
  const cell = (value: string | number | null) => {
    const text = String(value ?? '')
    return /[",\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = [
    columns.map(({ title }) => cell(title)),
    ...rows.map((row) => columns.map((column) => cell(column.value(row)))),
  ]
  return `${lines.map((line) => line.join(separator)).join('\n')}\n`
}
