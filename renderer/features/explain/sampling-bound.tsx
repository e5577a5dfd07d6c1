import { Group, SegmentedControl, Text } from '@mantine/core'
import type { Explanation } from '../../../shared/domain/explanations.ts'
import { formatPlain } from '../../ui/numbers.tsx'

/** Shares of all that moves a score; the first is what is asked for unless somebody wants more. */
const bounds = [0.01, 0.005, 0.001] as const

/** How far sampled values may be off, and the choice to wait longer for less. */
export function SamplingBound({
  sampling,
  bound,
  waiting,
  onChange,
}: {
  readonly sampling: NonNullable<Explanation['sampling']>
  readonly bound: number
  readonly waiting: boolean
  readonly onChange: (bound: number) => void
}) {
  return (
    <Group className="card" gap="sm" aria-label="How certain" role="group">
      <Text size="sm" flex={1} miw={220}>
        {waiting
          ? 'Trying more orders of the columns …'
          : `Estimated: each column is certain to ${percent(sampling.largest)} of all that moves this score${sampling.largest > sampling.bound ? `, not to the ${percent(sampling.bound)} asked for` : ''}.`}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label="Largest error of a column"
        value={String(bound)}
        onChange={(value) => onChange(Number(value))}
        data={bounds.map((each) => ({ value: String(each), label: percent(each) }))}
      />
    </Group>
  )
}

function percent(share: number): string {
  return `${formatPlain(Number((100 * share).toPrecision(2)))}%`
}
