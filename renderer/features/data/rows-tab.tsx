import { ActionIcon, Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconDownload } from '@tabler/icons-react'
import { keepPreviousData, useMutation, useQueries } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { KeyboardEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { RowFilter, RowsInput } from '../../../shared/domain/datasets.ts'
import { limits } from '../../../shared/domain/limits.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { formatPlain } from '../../ui/numbers.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { cellsToText, tabStop } from '../../ui/table-rows.ts'
import { tellFailure } from '../../ui/tell-failure.ts'
import { useRowHeight } from '../../ui/use-theme.ts'
import { exportRows } from './export-rows.ts'
import { parseRowFilter } from './row-filter.ts'

const pageSize = 200
const columnWidth = 130
/** Browsers cannot place elements much further down than this, so very long tables scroll in proportion. */
const tallest = 8_000_000

/** All rows of a table, however many: pages are fetched as they come into view. */
export function RowsTab({ dataset, name: title }: { readonly dataset: string; readonly name: string }) {
  const client = useClient()
  const [sort, setSort] = useState<{ column: string; descending: boolean } | null>(null)
  const [column, setColumn] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed, 250)
  const filters: RowFilter[] = column !== null && text !== '' ? [parseRowFilter(column, text)] : []
  const scroller = useRef<HTMLDivElement>(null)
  const [first, setFirst] = useState(0)
  const [focused, setFocused] = useState(0)
  const [selection, setSelection] = useState<RowRange | null>(null)
  const rowHeight = useRowHeight()
  const page = Math.floor(first / pageSize)
  const pages = useQueries({
    queries: [page, page + 1].map((each) => ({
      queryKey: ['rows', dataset, each, sort, filters],
      queryFn: () => client.datasets.rows({ dataset, offset: each * pageSize, limit: pageSize, sort, filters }),
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: keepPreviousData,
    })),
  })
  const [current] = pages
  const total = current?.data?.total ?? 0
  const columns = current?.data?.columns ?? []
  const size = Math.min(rowHeight, tallest / Math.max(1, total))
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => size,
    overscan: 10,
    onChange: (instance) => setFirst(instance.range?.startIndex ?? 0),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it remembers is of the size before
  useEffect(() => virtual.measure(), [virtual, size])
  if (current?.error) return <ErrorState error={current.error} retry={() => void current.refetch()} />
  if (!current?.data) return <Loading lines={10} />
  const rowAt = (index: number) => {
    for (const { data } of pages) {
      const start = data?.rows.length ? index - Math.floor(index / pageSize) * pageSize : 0
      const found = data?.rows[start]
      if (found && data === pages[Math.floor(index / pageSize) - page]?.data) return found
    }
    return undefined
  }
  const width = columns.length * columnWidth + 80
  const drawn = virtual.getVirtualItems()
  const reached = tabStop(
    focused,
    drawn.map(({ index }) => index),
    first,
  )
  const move = (to: number): number => {
    const next = Math.max(0, Math.min(total - 1, to))
    setFocused(next)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus())
    return next
  }
  const isSelected = (index: number) => selection !== null && index >= low(selection) && index <= high(selection)
  const copy = async () => {
    const range = selection ?? { from: focused, to: focused }
    // Read again: of a long selection only what is in view is here.
    const limit = Math.min(limits.pageRows, high(range) - low(range) + 1)
    const found = await client.datasets.rows({ dataset, offset: low(range), limit, sort, filters })
    const head = found.columns.map(({ name }) => name)
    await navigator.clipboard.writeText(cellsToText([head, ...found.rows.map(({ cells }) => cells)], '\t'))
    notifications.show({
      message: `${found.rows.length.toLocaleString('en')} ${found.rows.length === 1 ? 'row was' : 'rows were'} copied.`,
    })
  }
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 15,
      PageUp: -15,
      Home: -total,
      End: total,
    }
    const step = steps[event.key]
    if (step !== undefined) {
      const next = move(index + step)
      setSelection(event.shiftKey ? { from: selection?.from ?? index, to: next } : null)
    } else if (event.key === ' ') {
      setSelection(isSelected(index) ? null : { from: event.shiftKey ? (selection?.from ?? index) : index, to: index })
    } else if ((event.ctrlKey || event.metaKey) && event.key === 'c' && String(getSelection() ?? '') === '') void copy()
    else if (event.key === 'Escape') setSelection(null)
    else return
    event.preventDefault()
  }
  return (
    <>
      <Group mb="xs" gap="xs">
        <Select
          size="xs"
          placeholder="Filter by column"
          aria-label="Filter by column"
          data={columns.map(({ name }) => name)}
          value={column}
          onChange={setColumn}
          clearable
          searchable
          w={180}
        />
        <TextInput
          size="xs"
          placeholder="> 30, = female, missing…"
          aria-label="Filter"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          disabled={column === null}
          w={200}
        />
        <Text size="xs" c="dimmed" aria-live="polite">
          {total.toLocaleString('en')} rows
          {selection && `, ${(high(selection) - low(selection) + 1).toLocaleString('en')} selected`}
        </Text>
        <Group ml="auto" gap={4}>
          <ActionIcon
            variant="subtle"
            aria-label="Copy the selected rows as tab-separated text"
            title={selection ? 'Copy the selected rows' : 'Copy the row that has the focus'}
            disabled={total === 0}
            onClick={() => void copy()}
          >
            <IconCopy size={16} />
          </ActionIcon>
          <ExportButton dataset={dataset} name={title} sort={sort} filters={filters} />
        </Group>
      </Group>
      <div
        ref={scroller}
        className="grid-table"
        style={{ height: 560 }}
        role="grid"
        aria-label="Rows"
        aria-rowcount={total + 1}
        aria-multiselectable
        tabIndex={total === 0 ? 0 : undefined}
      >
        <div className="grid-head" role="row" style={{ width }} tabIndex={-1}>
          <div className="grid-cell grid-title" role="columnheader" style={{ width: 80 }} tabIndex={-1}>
            Row
          </div>
          {columns.map(({ name, type }) => (
            <div
              key={name}
              className="grid-cell"
              role="columnheader"
              data-align={type === 'number' ? 'right' : undefined}
              style={{ width: columnWidth }}
              aria-sort={sort?.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none'}
              tabIndex={-1}
            >
              <button
                type="button"
                className="grid-sort"
                title={`${name} (${type})`}
                onClick={() =>
                  setSort(
                    sort?.column !== name
                      ? { column: name, descending: false }
                      : sort.descending
                        ? null
                        : { column: name, descending: true },
                  )
                }
              >
                {name}
                {sort?.column === name ? (sort.descending ? ' ↓' : ' ↑') : ''}
              </button>
            </div>
          ))}
        </div>
        {total === 0 && (
          <div className="grid-empty" role="row" tabIndex={-1}>
            <div role="gridcell" aria-colspan={columns.length + 1}>
              No row fits.{' '}
              <button type="button" className="plain-button" onClick={() => setTyped('')}>
                Show all rows
              </button>
            </div>
          </div>
        )}
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {drawn.map(({ index, start }, place, all) => {
            const row = rowAt(index)
            // Where rows are closer than their height, they are laid out from the first one in view.
            const top = size < rowHeight ? (all[0]?.start ?? 0) + place * rowHeight : start
            return (
              <div
                key={index}
                className="grid-row"
                role="row"
                data-index={index}
                aria-rowindex={index + 2}
                aria-selected={isSelected(index)}
                tabIndex={index === reached ? 0 : -1}
                onFocus={() => setFocused(index)}
                onKeyDown={(event) => onKeyDown(event, index)}
                onMouseDown={(event) => event.shiftKey && event.preventDefault()}
                onClick={(event) =>
                  setSelection(event.shiftKey ? { from: selection?.from ?? focused, to: index } : null)
                }
                style={{ transform: `translateY(${top}px)`, width, height: rowHeight }}
              >
                <div className="grid-cell mono" role="gridcell" style={{ width: 80 }}>
                  {row?.row ?? '…'}
                </div>
                {columns.map(({ name, type }, at) => {
                  const cell = row?.cells[at]
                  return (
                    <div
                      key={name}
                      className="grid-cell"
                      role="gridcell"
                      data-align={type === 'number' ? 'right' : undefined}
                      style={{ width: columnWidth }}
                      title={String(cell ?? '')}
                    >
                      {typeof cell === 'number'
                        ? formatPlain(cell)
                        : cell === null || cell === undefined
                          ? '–'
                          : String(cell)}
                    </div>
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

interface RowRange {
  readonly from: number
  readonly to: number
}

function low({ from, to }: RowRange): number {
  return Math.min(from, to)
}

function high({ from, to }: RowRange): number {
  return Math.max(from, to)
}

/** Saves all rows that match, in their order, as CSV; says how far it is and can be stopped. */
function ExportButton(what: Pick<RowsInput, 'dataset' | 'sort' | 'filters'> & { readonly name: string }) {
  const client = useClient()
  const [share, setShare] = useState(0)
  const stop = useRef<AbortController | null>(null)
  const save = useMutation({
    mutationFn: () => {
      stop.current = new AbortController()
      setShare(0)
      const { dataset, sort, filters } = what
      return exportRows(client, { dataset, sort, filters }, setShare, stop.current.signal)
    },
    onSuccess: (blob) => saveUrl(`${what.name}.csv`, URL.createObjectURL(blob)),
    onError: (error) => {
      if (!stop.current?.signal.aborted) tellFailure('The rows were not exported')(error)
    },
  })
  if (save.isPending) {
    return (
      <Button size="compact-xs" variant="default" onClick={() => stop.current?.abort()}>
        {Math.round(100 * share)}% exported · Stop
      </Button>
    )
  }
  return (
    <ActionIcon
      variant="subtle"
      aria-label="Export the rows that match as CSV"
      title="Export the rows that match as CSV"
      onClick={() => save.mutate()}
    >
      <IconDownload size={16} />
    </ActionIcon>
  )
}
