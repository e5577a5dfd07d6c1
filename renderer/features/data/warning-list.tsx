import { Group, Stack, Text } from '@mantine/core'
import type { DatasetWarning } from '../../../shared/domain/datasets.ts'
import { StatusBadge } from '../../ui/numbers.tsx'

const order = { error: 0, warning: 1, info: 2 }

/** What to know about a table, the worst first: what is so, why it matters, one thing to do. */
export function WarningList({ warnings }: { readonly warnings: readonly DatasetWarning[] }) {
  if (warnings.length === 0) return null
  return (
    <Stack gap="xs" component="ul" p={0} m={0}>
      {[...warnings]
        .sort((a, b) => order[a.severity] - order[b.severity])
        .map((warning) => (
          <Group
            key={`${warning.code} ${warning.column} ${warning.message}`}
            wrap="nowrap"
            align="flex-start"
            component="li"
            className="card"
          >
            <StatusBadge status={warning.severity} />
            <div>
              <Text size="sm">{warning.message}</Text>
              <Text size="xs" c="dimmed">
                {warning.hint}
              </Text>
            </div>
          </Group>
        ))}
    </Stack>
  )
}
