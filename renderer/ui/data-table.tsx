import { ActionIcon, Button, Checkbox, Group, Menu, Text, TextInput } from '@mantine/core'
import { IconColumns, IconCopy, IconDownload, IconSearch, IconX } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { saveText } from '../api/upload.ts'
import { formatNumber } from './numbers.tsx'
import { readRememberedTexts, remember } from './remembered.ts'
import type { TableSort, ValueColumn } from './table-rows.ts'
import { arrangeRows, isNumericColumn, nextSort, rowsToText, tabStop, withRange } from './table-rows.ts'
import { useRowHeight } from './use-theme.ts'

export interface DataColumn<Row> extends ValueColumn<Row> {
  /** What is shown; default: the value, numbers with four digits. */
  readonly render?: (row: Row) => ReactNode
  /** Pixels; default 140. */
  readonly width?: number
  /** Not shown until it is chosen. */
  readonly hidden?: boolean
}

interface DataTableProps<Row> {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly DataColumn<Row>[]
  readonly rowKey: (row: Row) => string
  /** What a row is called where it is selected; default: its first column. */
  readonly rowName?: (row: Row) => string
  /** Opens a row: click or Enter. */
  readonly onOpen?: (row: Row) => void
  readonly selection?: ReadonlySet<string>
  readonly onSelect?: (keys: ReadonlySet<string>) => void
  /** What can be done with all that is selected; shown in a bar above the table while something is. */
  readonly bulkActions?: ReactNode
  readonly height?: number
  /** Shown at the left of the tools. */
  readonly tools?: ReactNode
  /** Remembers the chosen columns under this name. */
  readonly view?: string
}

const selectWidth = 40
const usualWidth = 140
/** Rows of a page up or down. */
const pageRows = 15

/** A table of any length: sort, filter, columns, selection of ranges, keyboard, copy and export of what is shown. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, onOpen, selection, onSelect, view } = props
  const [sort, setSort] = useState<TableSort | null>(null)
  const [filter, setFilter] = useState('')
  const settled = useDeferredValue(filter)
  const [hidden, setHidden] = useState(() => hiddenColumns(view, columns))
  const [focused, setFocused] = useState(0)
  /** Where a range that is selected with Shift starts. */
  const [anchor, setAnchor] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)
  const rowHeight = useRowHeight()
  const shown = columns.filter(({ key }) => !hidden.has(key))
  const ordered = useMemo(() => arrangeRows(rows, columns, settled, sort), [rows, columns, settled, sort])
  const numeric = useMemo(
    () => new Set(columns.filter((column) => isNumericColumn(rows, column)).map(({ key }) => key)),
    [rows, columns],
  )
  const virtual = useVirtualizer({
    count: ordered.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it remembers is of the size before
  useEffect(() => virtual.measure(), [virtual, rowHeight])
  const drawn = virtual.getVirtualItems()
  const reached = tabStop(
    focused,
    drawn.map(({ index }) => index),
    virtual.range?.startIndex ?? 0,
  )
  const width = shown.reduce((sum, column) => sum + (column.width ?? usualWidth), onSelect ? selectWidth : 0)
  const height = Math.min(props.height ?? 520, (Math.max(ordered.length, 3) + 1) * rowHeight + 4)
  const keys = () => ordered.map(rowKey)

  const move = (to: number): number => {
    const next = Math.max(0, Math.min(ordered.length - 1, to))
    setFocused(next)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus())
    return next
  }
  /** Turns one row over, or, with Shift, makes all rows since the last one like it. */
  const toggle = (index: number, isRange: boolean) => {
    const row = ordered[index]
    if (!onSelect || row === undefined) return
    const chosen = selection ?? new Set<string>()
    onSelect(withRange(chosen, keys(), isRange ? anchor : index, index, isRange || !chosen.has(rowKey(row))))
    if (!isRange) setAnchor(index)
  }
  /** The selected rows in their order; without a selection all that are shown. */
  const taken = () => {
    const selected = selection?.size ? ordered.filter((row) => selection.has(rowKey(row))) : []
    return selected.length > 0 ? selected : ordered
  }
  const copy = (what: readonly Row[]) => void navigator.clipboard.writeText(rowsToText(what, shown, '\t'))
  const onKeyDown = (event: KeyboardEvent, row: Row, index: number) => {
    const step = stepOf(event.key, ordered.length)
    const withControl = event.ctrlKey || event.metaKey
    if (step !== null) {
      const next = move(index + step)
      if (event.shiftKey && onSelect) onSelect(withRange(selection ?? new Set(), keys(), anchor, next, true))
      else setAnchor(next)
    } else if (event.key === 'Enter') onOpen?.(row)
    else if (event.key === ' ' && onSelect) toggle(index, event.shiftKey)
    else if (withControl && event.key === 'a' && onSelect) onSelect(new Set(keys()))
    else if (withControl && event.key === 'c' && String(getSelection() ?? '') === '')
      copy(selection?.size ? taken() : [row])
    else if (event.key === 'Escape' && selection?.size) onSelect?.(new Set())
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
          onChange={(event) => {
            setFilter(event.currentTarget.value)
            setFocused(0)
            setAnchor(0)
          }}
          rightSection={
            filter !== '' && (
              <ActionIcon variant="subtle" size="xs" aria-label="Clear the filter" onClick={() => setFilter('')}>
                <IconX size={12} />
              </ActionIcon>
            )
          }
        />
        <Text size="xs" c="dimmed" aria-live="polite">
          {ordered.length === rows.length
            ? countOfRows(rows.length)
            : `${ordered.length.toLocaleString('en')} of ${countOfRows(rows.length)}`}
        </Text>
        <Group ml="auto" gap={4}>
          <ColumnMenu columns={columns} hidden={hidden} onChange={(next) => setHidden(rememberColumns(view, next))} />
          <ActionIcon
            variant="subtle"
            aria-label="Copy as tab-separated text"
            title={selection?.size ? 'Copy the selection' : 'Copy'}
            onClick={() => copy(taken())}
          >
            <IconCopy size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label="Export as CSV"
            title={selection?.size ? 'Export the selection as CSV' : 'Export as CSV'}
            onClick={() => saveText(`${label}.csv`, 'text/csv', rowsToText(taken(), shown, ','))}
          >
            <IconDownload size={16} />
          </ActionIcon>
        </Group>
      </Group>
      {onSelect && (selection?.size ?? 0) > 0 && (
        <Group className="bulk-bar" gap="xs" role="group" aria-label={`Selected in ${label}`}>
          <Text size="sm" fw={600} aria-live="polite">
            {(selection?.size ?? 0).toLocaleString('en')} selected
          </Text>
          {props.bulkActions}
          <Button size="compact-xs" variant="default" onClick={() => copy(taken())}>
            Copy
          </Button>
          <Button size="compact-xs" variant="subtle" ml="auto" onClick={() => onSelect(new Set())}>
            Select none
          </Button>
        </Group>
      )}
      <div
        className="grid-table"
        ref={scroller}
        style={{ height }}
        role="grid"
        aria-label={label}
        aria-rowcount={ordered.length + 1}
        aria-multiselectable={onSelect ? true : undefined}
        tabIndex={ordered.length === 0 ? 0 : undefined}
      >
        <div className="grid-head" role="row" style={{ width }} tabIndex={-1}>
          {onSelect && (
            <div className="grid-cell" role="columnheader" style={{ width: selectWidth }}>
              <Checkbox
                size="xs"
                mt={8}
                aria-label={`Select all of ${label}`}
                checked={ordered.length > 0 && (selection?.size ?? 0) >= ordered.length}
                indeterminate={(selection?.size ?? 0) > 0 && (selection?.size ?? 0) < ordered.length}
                onChange={(event) => onSelect(new Set(event.currentTarget.checked ? keys() : []))}
              />
            </div>
          )}
          {shown.map((column) => (
            <HeadCell key={column.key} column={column} right={numeric.has(column.key)} sort={sort} onSort={setSort} />
          ))}
        </div>
        {ordered.length === 0 && (
          <div className="grid-empty" role="row" tabIndex={-1}>
            <div role="gridcell" aria-colspan={shown.length}>
              {filter === '' ? 'There are no rows.' : `No row has “${filter}”.`}{' '}
              {filter !== '' && (
                <button type="button" className="plain-button" onClick={() => setFilter('')}>
                  Show all rows
                </button>
              )}
            </div>
          </div>
        )}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {drawn.map(({ index, start }) => {
            const row = ordered[index]
            if (row === undefined) return null
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
                tabIndex={index === reached ? 0 : -1}
                style={{ transform: `translateY(${start}px)`, width, height: rowHeight }}
                onClick={(event) => {
                  if (event.shiftKey && onSelect) toggle(index, true)
                  else onOpen?.(row)
                }}
                onMouseDown={preventTextSelection}
                onFocus={() => setFocused(index)}
                onKeyDown={(event) => onKeyDown(event, row, index)}
              >
                {onSelect && (
                  <div className="grid-cell" role="gridcell" style={{ width: selectWidth }}>
                    <Checkbox
                      size="xs"
                      mt={8}
                      tabIndex={-1}
                      checked={isSelected}
                      aria-label={`Select ${props.rowName ? props.rowName(row) : String(columns[0]?.value(row) ?? rowKey(row))}`}
                      onClick={(event) => {
                        event.stopPropagation()
                        toggle(index, event.shiftKey)
                      }}
                      // Turned over by the click, which knows whether Shift was held.
                      onChange={() => undefined}
                    />
                  </div>
                )}
                {shown.map((column) => (
                  <BodyCell key={column.key} column={column} row={row} right={numeric.has(column.key)} />
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** Rows that a key moves by; null: it does not move. */
function stepOf(key: string, count: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: pageRows,
    PageUp: -pageRows,
    Home: -count,
    End: count,
  }
  return steps[key] ?? null
}

/** With Shift a click selects rows; the browser would mark their text too. */
function preventTextSelection(event: MouseEvent): void {
  if (event.shiftKey) event.preventDefault()
}

function HeadCell<Row>(props: {
  readonly column: DataColumn<Row>
  readonly right: boolean
  readonly sort: TableSort | null
  readonly onSort: (sort: TableSort | null) => void
}) {
  const { column, sort, onSort, right } = props
  const mine = sort?.key === column.key ? sort : null
  return (
    <div
      className="grid-cell"
      role="columnheader"
      data-align={right ? 'right' : undefined}
      style={{ width: column.width ?? usualWidth }}
      aria-sort={mine ? (mine.descending ? 'descending' : 'ascending') : 'none'}
      tabIndex={-1}
    >
      <button
        type="button"
        className="grid-sort"
        title={`Sort by ${column.title}`}
        onClick={() => onSort(nextSort(sort, column.key, right))}
      >
        {column.title}
        {mine ? (mine.descending ? ' ↓' : ' ↑') : ''}
      </button>
    </div>
  )
}

function BodyCell<Row>(props: { readonly column: DataColumn<Row>; readonly row: Row; readonly right: boolean }) {
  const { column, row, right } = props
  const value = column.value(row)
  return (
    <div
      className="grid-cell"
      role="gridcell"
      data-align={right ? 'right' : undefined}
      style={{ width: column.width ?? usualWidth }}
      title={value === null ? '' : String(value)}
    >
      {column.render
        ? column.render(row)
        : value === null
          ? '–'
          : typeof value === 'number'
            ? formatNumber(value)
            : value}
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
            role="menuitemcheckbox"
            aria-checked={!props.hidden.has(key)}
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
  const stored = view === undefined ? null : readRememberedTexts(`columns:${view}`)
  return new Set(stored ?? columns.filter((column) => column.hidden).map(({ key }) => key))
}

function rememberColumns(view: string | undefined, hidden: ReadonlySet<string>): ReadonlySet<string> {
  if (view !== undefined) remember(`columns:${view}`, [...hidden])
  return hidden
}

function countOfRows(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`
}
