import { Text } from '@mantine/core'
import type { NativeParity } from '../../../shared/domain/native-parity.ts'
import { formatNumber } from '../../ui/numbers.tsx'

/** Whether an export does what the model did in its own tool; where not, by how much. */
export function NativeParityNote({ parity }: { readonly parity: NativeParity }) {
  const { passed, reading, numbers, labels, file } = parity
  return (
    <div>
      <Text size="sm" fw={passed ? 400 : 600}>
        {passed ? '✓ ' : '✗ '}
        {reading}
      </Text>
      {!passed && numbers && (
        <Text size="sm">
          {numbers.differing.toLocaleString('en')} rows differ by more than rounding; the most in row{' '}
          {numbers.worstRow.toLocaleString('en')}, where {numbers.worst.column} is {spell(numbers.worst.native)} in its
          own tool and {spell(numbers.worst.onnx)} here.
        </Text>
      )}
      {!passed && labels && labels.differing > 0 && (
        <Text size="sm">
          The predicted class differs in rows {labels.firstRows.join(', ')}
          {labels.differing > labels.firstRows.length ? ', …' : ''}.
        </Text>
      )}
      <Text size="xs" c="dimmed">
        Compared with {file}
      </Text>
    </div>
  )
}

function spell(value: number | null): string {
  return value === null ? 'not a number' : formatNumber(value)
}
