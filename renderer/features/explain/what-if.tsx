import { Badge, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { scoreSteps, waterfallChart } from '../../../shared/charts/explanation-charts.ts'
import type { Look } from '../../../shared/charts/look.ts'
import type { Explanation } from '../../../shared/domain/explanations.ts'
import type { Signature } from '../../../shared/domain/models.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { useLatestAnswer } from '../../api/use-latest-answer.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { formatNumber } from '../../ui/numbers.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { MethodBadge } from '../models/method-badge.tsx'
import { Counterfactuals } from './counterfactuals.tsx'
import { WhatIfField } from './what-if-field.tsx'

type Row = Readonly<Record<string, Cell>>

/** Time without a change after which the exact explanation is asked for where the first was an estimate. */
const settled = 400

/** A row to play with: each change is scored and explained at once, coarsely where that takes long, then exactly. */
export function WhatIf({
  model,
  signature,
  start,
  above,
}: {
  readonly model: string
  readonly signature: Signature
  readonly start: Row
  /** What else is said of the row as it is, above its explanation. */
  readonly above?: (row: Row) => ReactNode
}) {
  const client = useClient()
  const [row, setRow] = useState<Row>(start)
  const ask = useCallback(
    (record: Row) => client.explain.rows({ model, records: [record], effort: 'quick' }),
    [client, model],
  )
  const { answer: quick, input: quickRow, error, askNow } = useLatestAnswer(row, ask)
  const [resting] = useDebouncedValue(row, settled)
  const costly = quick !== null && (quick.method === 'exact' || quick.method === 'sampling')
  const full = useQuery({
    queryKey: ['what-if', model, resting],
    queryFn: () => client.explain.rows({ model, records: [resting] }),
    enabled: costly,
    gcTime: 0,
  })
  const before = useQuery({
    queryKey: ['what-if-start', model, start],
    queryFn: () => client.explain.rows({ model, records: [start], effort: 'quick' }),
    placeholderData: keepPreviousData,
  })
  // By the row that is shown, not the one asked about: what is on the screen stays until there is an answer.
  const exact = resting === quickRow && full.data ? full.data : null
  const shown = exact ?? quick
  // The same functions and lists each time: a slider that is dragged draws anew what it changes, and nothing else.
  const set = useCallback((name: string, value: Cell) => setRow((now) => ({ ...now, [name]: value })), [])
  const latest = useRef(row)
  useEffect(() => {
    latest.current = row
  }, [row])
  // The question leaves first, and what it takes to draw the slider's new place is done while it is answered.
  const slide = useCallback(
    (name: string, value: Cell) => {
      const next = { ...latest.current, [name]: value }
      latest.current = next
      askNow(next)
      setTimeout(() => setRow(next))
    },
    [askNow],
  )
  const take = useCallback((changes: Row) => setRow((now) => ({ ...now, ...changes })), [])
  const columns = useMemo(() => signature.inputs.map(({ name }) => name), [signature])
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Stack className="card" gap="sm">
        <Group justify="space-between">
          <Text fw={600} size="sm" component="h2" m={0}>
            Change a value and see what follows
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => setRow(start)} disabled={row === start}>
            Start again
          </Button>
        </Group>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          {signature.inputs.map((input) => (
            <WhatIfField
              key={input.name}
              input={input}
              value={row[input.name] ?? null}
              onChange={set}
              onSlide={slide}
            />
          ))}
        </SimpleGrid>
      </Stack>
      <Stack>
        {above?.(row)}
        {error !== null && error !== undefined && <ErrorState error={error} />}
        {shown ? (
          <Outcome
            target={signature.target}
            explanation={shown}
            before={before.data ?? null}
            refining={costly && exact === null}
            current={quickRow}
          />
        ) : (
          <Loading />
        )}
        <Counterfactuals
          model={model}
          record={resting}
          columns={columns}
          isNumber={signature.classes.length === 0}
          onTake={take}
        />
      </Stack>
    </SimpleGrid>
  )
}

/** Drawn when there is an answer, not with every step of a slider. */
const Outcome = memo(function Outcome({
  target,
  explanation,
  before,
  refining,
  current,
}: {
  /** Name of what is predicted; empty where a foreign model does not say it. */
  readonly target: string
  readonly explanation: Explanation
  readonly before: Explanation | null
  readonly refining: boolean
  /** The row that is explained, for whoever watches the screen. */
  readonly current: Row | null
}) {
  const [row] = explanation.rows
  const k = explanation.task === 'multiclass' ? Math.max(0, explanation.classes.indexOf(String(row?.prediction))) : 0
  const steps = useMemo(() => (row ? scoreSteps(explanation, row, k) : []), [explanation, row, k])
  const base = explanation.baseValues[k] ?? 0
  const waterfall = useCallback((look: Look) => waterfallChart(steps, base, look), [steps, base])
  if (!row) return null
  const named = (value: string) => (target === '' ? value : `${target} = ${value}`)
  const chance = (each: Explanation | null) => {
    const probabilities = each?.rows[0]?.probabilities
    if (probabilities) return probabilities[explanation.task === 'binary' ? 1 : k] ?? null
    return typeof each?.rows[0]?.prediction === 'number' ? each.rows[0].prediction : null
  }
  const [now, then] = [chance(explanation), chance(before)]
  const moved = now === null || then === null ? 0 : now - then
  const ofClass = explanation.classes[explanation.task === 'binary' ? 1 : k]
  return (
    <>
      <div className="card" data-what-if={current === null ? '' : JSON.stringify(current)}>
        <Group justify="space-between">
          <Text size="xl" fw={700} className="numeric" aria-live="polite">
            {named(typeof row.prediction === 'number' ? formatNumber(row.prediction) : row.prediction)}
          </Text>
          {refining ? (
            <Badge variant="light" color="yellow" tt="none" radius="sm">
              first estimate
            </Badge>
          ) : (
            <MethodBadge method={explanation.method} exact={explanation.exact} />
          )}
        </Group>
        <Text className="numeric">
          {now === null || ofClass === undefined ? '' : `The chance of ${named(ofClass)} is ${(100 * now).toFixed(1)}%`}
          {moved === 0
            ? ''
            : ` (${moved > 0 ? '+' : '−'}${ofClass === undefined ? formatNumber(Math.abs(moved)) : `${(100 * Math.abs(moved)).toFixed(1)} points`} from the start)`}
        </Text>
        <Text size="xs" c="dimmed">
          {refining ? 'A first estimate of what moves it; the exact one follows.' : ' '}
        </Text>
      </div>
      <ChartCard
        title={row.reading}
        subtitle="From the average score to this row's; orange raises, blue lowers"
        height={90 + 30 * (steps.length + 1)}
        option={waterfall}
        table={() => [['column', 'value', 'added'], ...steps.map(({ name, cell, value }) => [name, cell, value])]}
      />
    </>
  )
})
