import { Checkbox, Group, Select, Slider, Stack, Switch, Text, TextInput } from '@mantine/core'
import { memo } from 'react'
import type { SignatureInput } from '../../../shared/domain/models.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { formatPlain } from '../../ui/numbers.tsx'

interface WhatIfFieldProps {
  readonly input: SignatureInput
  readonly value: Cell
  /** Always the same function, so that only the field that is changed is drawn anew. */
  readonly onChange: (name: string, value: Cell) => void
  /** The same for a slider, which may be drawn a moment later. */
  readonly onSlide: (name: string, value: Cell) => void
}

/** One column of a what-if: a slider over the range seen in training, its levels, or a switch; each may be missing. */
export const WhatIfField = memo(function WhatIfField({ input, value, onChange: change, onSlide }: WhatIfFieldProps) {
  const { name, type, min, max, levels } = input
  const onChange = (next: Cell) => change(name, next)
  const label = (
    <Text size="sm" component="span">
      {name}
    </Text>
  )
  if (levels !== null && levels.length > 0) {
    return (
      <Select
        label={name}
        size="xs"
        data={[...new Set(levels)]}
        value={value === null ? null : String(value)}
        onChange={onChange}
        placeholder="missing"
        searchable
        clearable
        limit={100}
      />
    )
  }
  if (type === 'boolean') {
    return (
      <Switch
        label={name}
        checked={value === true || value === 1}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    )
  }
  if (type !== 'number' || min === null || max === null || min === max) {
    return (
      <TextInput
        label={name}
        size="xs"
        value={value === null ? '' : String(value)}
        placeholder="missing"
        onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      />
    )
  }
  const number = typeof value === 'number' ? value : null
  const whole = Number.isInteger(min) && Number.isInteger(max) && (number === null || Number.isInteger(number))
  return (
    <Stack gap={2}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        {label}
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" className="numeric" component="span">
            {number === null ? '–' : formatPlain(number)}
          </Text>
          <Checkbox
            size="xs"
            label="missing"
            aria-label={`${name} is missing`}
            checked={number === null}
            onChange={(event) => onChange(event.currentTarget.checked ? null : Number(input.example) || min)}
          />
        </Group>
      </Group>
      <Slider
        thumbLabel={name}
        size="sm"
        min={Math.min(min, number ?? min)}
        max={Math.max(max, number ?? max)}
        step={whole && max - min <= 10_000 ? 1 : roundStep((max - min) / 200)}
        value={number ?? min}
        disabled={number === null}
        label={formatPlain}
        onChange={(next) => onSlide(name, next)}
      />
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {formatPlain(min)}
        </Text>
        <Text size="xs" c="dimmed">
          {formatPlain(max)}
        </Text>
      </Group>
    </Stack>
  )
})

/** A step of about this size whose multiples are round: 1, 2 or 5 of a power of ten. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size))
  const digit = size / power
  return (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * power
}
