import { Group, Select, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { RowFilter } from '../../../shared/domain/datasets.ts'
import { useClient } from '../../api/client-context.tsx'
import { formatPlain } from '../../ui/numbers.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { useRowHeight } from '../../ui/use-theme.ts'

const pageSize = 200
const columnWidth = 130
/** Browsers cannot place elements much further down than this, so very long tables scroll in proportion. */
const tallest = 8_000_000

/** All rows of a table, however many: pages are fetched as they come into view. */
export function RowsTab({ dataset }: { readonly dataset: string }) {
  const client = useClient()
  const [sort, setSort] = useState<{ column: string; descending: boolean } | null>(null)
  const [column, setColumn] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed, 250)
  const filters: RowFilter[] = column !== null && text !== '' ? [parseFilter(column, text)] : []
  const scroller = useRef<HTMLDivElement>(null)
  const [first, setFirst] = useState(0)
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
        </Text>
      </Group>
      <div
        ref={scroller}
        className="grid-table"
        style={{ height: 560 }}
        role="grid"
        aria-label="Rows"
        aria-rowcount={total}
        tabIndex={0}
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
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ index, start }, place, all) => {
            const row = rowAt(index)
            // Where rows are closer than their height, they are laid out from the first one in view.
            const top = size < rowHeight ? (all[0]?.start ?? 0) + place * rowHeight : start
            return (
              <div
                key={index}
                className="grid-row"
                role="row"
                aria-rowindex={index + 1}
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

/** "> 30", "= female", "missing", "present"; anything else is a part of the text. */
function parseFilter(column: string, text: string): RowFilter {
  const trimmed = text.trim()
  if (trimmed === 'missing' || trimmed === 'present') return { column, operator: trimmed, value: null }
  const match = /^(<=|>=|!=|=|<|>)\s*(.+)$/.exec(trimmed)
  if (!match) return { column, operator: 'contains', value: trimmed }
  const value = match[2] as string
  return {
    column,
    operator: match[1] as RowFilter['operator'],
    value: value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value,
  }
}
