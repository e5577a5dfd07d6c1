import { Group, NumberInput, Select } from '@mantine/core'
import type { AutomlSpecification } from '../../../shared/domain/training.ts'

type Threshold = AutomlSpecification['threshold']

const rules = [
  { value: 'number', label: 'its probability is above a number' },
  { value: 'f1', label: 'precision and recall together are best (F1)' },
  { value: 'f2', label: 'the same, recall counting twice (F2)' },
  { value: 'balanced', label: 'both classes are found equally well' },
  { value: 'cost', label: 'mistakes cost least' },
]

/** Two classes: where the second one begins to be predicted. */
export function ThresholdChoice({
  value,
  onChange,
}: {
  readonly value: Threshold
  readonly onChange: (value: Threshold) => void
}) {
  const kind = typeof value === 'number' ? 'number' : typeof value === 'string' ? value : 'cost'
  const choose = (chosen: string | null) => {
    if (chosen === 'number') onChange(0.5)
    else if (chosen === 'cost') onChange({ falsePositive: 1, falseNegative: 5 })
    else if (chosen === 'f1' || chosen === 'f2' || chosen === 'balanced') onChange(chosen)
  }
  return (
    <Group grow align="flex-end">
      <Select
        label="Of two classes the second is predicted where"
        description="Rules are worked out on rows that the models have not seen"
        data={rules}
        value={kind}
        onChange={choose}
        allowDeselect={false}
      />
      {typeof value === 'number' && (
        <NumberInput
          label="Number"
          min={0.01}
          max={0.99}
          step={0.05}
          value={value}
          onChange={(next) => typeof next === 'number' && next > 0 && next < 1 && onChange(next)}
        />
      )}
      {typeof value === 'object' && (
        <>
          <NumberInput
            label="A false alarm costs"
            min={0.01}
            value={value.falsePositive}
            onChange={(next) => typeof next === 'number' && next > 0 && onChange({ ...value, falsePositive: next })}
          />
          <NumberInput
            label="A miss costs"
            min={0.01}
            value={value.falseNegative}
            onChange={(next) => typeof next === 'number' && next > 0 && onChange({ ...value, falseNegative: next })}
          />
        </>
      )}
    </Group>
  )
}
