import { ActionIcon, Group, Menu, Table, Text, useComputedColorScheme } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react'
import type { ChartOption, Look } from '../../shared/charts/look.ts'
import { darkLook, lightLook } from '../../shared/charts/look.ts'
import { saveText, saveUrl } from '../api/upload.ts'
import { formatNumber } from '../ui/numbers.tsx'
import { cellsToText } from '../ui/table-rows.ts'

// ECharts is most of the page's weight, so it loads with the first chart.
const Chart = lazy(() => import('./chart.tsx').then((module) => ({ default: module.Chart })))

/** More would only scroll past. */
const shownRows = 500

type TableRows = readonly (readonly (string | number | null)[])[]

interface ChartCardProps {
  /** What the chart says, in a sentence. */
  readonly title: string
  readonly subtitle?: string
  readonly option: (look: Look) => ChartOption
  /** The very data drawn, for the CSV and the table twin: a header, then rows; a function where there are thousands, which are then written only when asked for. */
  readonly table: TableRows | (() => TableRows)
  readonly height?: number
  readonly empty?: string
}

/** A chart with its finding as the title, a menu to take it away, and the same numbers as a table. */
export function ChartCard({ title, subtitle, option, table, height = 280, empty }: ChartCardProps) {
  const dark = useComputedColorScheme('light') === 'dark'
  const look = dark ? darkLook : lightLook
  const [asTable, setAsTable] = useState(false)
  const draw = useRef<((format: 'png' | 'svg', background: string) => string) | null>(null)
  const drawn = useMemo(() => option(look), [option, look])
  const onReady = useCallback((paint: (format: 'png' | 'svg', background: string) => string) => {
    draw.current = paint
  }, [])
  const isEmpty = typeof table !== 'function' && table.length <= 1
  const rows = () => (typeof table === 'function' ? table() : table)
  const name = title.replaceAll(/[^\w -]/g, '').slice(0, 60)
  return (
    <section className="card" aria-label={title}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb={4}>
        <div>
          <Text fw={600} size="sm" component="h2" m={0}>
            {title}
          </Text>
          {subtitle && (
            <Text size="xs" c="dimmed">
              {subtitle}
            </Text>
          )}
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`Menu of ${title}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsTable(!asTable)}>{asTable ? 'Show as chart' : 'Show as table'}</Menu.Item>
            <Menu.Item onClick={() => draw.current && saveUrl(`${name}.png`, draw.current('png', look.background))}>
              Save PNG
            </Menu.Item>
            <Menu.Item onClick={() => draw.current && saveUrl(`${name}.svg`, draw.current('svg', look.background))}>
              Save SVG
            </Menu.Item>
            <Menu.Item onClick={() => saveText(`${name}.csv`, 'text/csv', cellsToText(rows(), ','))}>
              Save CSV
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <div
        style={{ height, overflow: asTable ? 'auto' : 'hidden' }}
        {...(asTable ? { tabIndex: 0, role: 'group', 'aria-label': `${title}, as a table` } : {})}
      >
        {isEmpty ? (
          <Text c="dimmed" ta="center" pt={height / 3}>
            {empty ?? 'There is nothing to draw yet.'}
          </Text>
        ) : asTable ? (
          <TableTwin title={title} table={rows()} />
        ) : (
          <Suspense fallback={<div aria-busy="true" />}>
            <Chart option={drawn} label={title} height={height} onReady={onReady} />
          </Suspense>
        )}
      </div>
    </section>
  )
}

function TableTwin({ title, table }: { readonly title: string; readonly table: TableRows }) {
  const [head = [], ...rows] = table
  return (
    <Table aria-label={title} striped>
      <Table.Thead>
        <Table.Tr>
          {head.map((cell) => (
            <Table.Th key={String(cell)}>{cell}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.slice(0, shownRows).map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a chart have no other name
          <Table.Tr key={at}>
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor have cells
              <Table.Td key={column} className="numeric" ta={typeof cell === 'number' ? 'right' : undefined}>
                {typeof cell === 'number' ? formatNumber(cell) : (cell ?? '–')}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
      {rows.length > shownRows && (
        <Table.Caption>
          The first {shownRows} of {rows.length.toLocaleString('en')} rows; Save CSV has all.
        </Table.Caption>
      )}
    </Table>
  )
}
