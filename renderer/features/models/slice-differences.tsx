import { Badge, Table, Text } from '@mantine/core'
import type { VersionDiff } from '../../../shared/domain/version-diff.ts'
import { formatNumber } from '../../ui/numbers.tsx'

/** Groups of rows for which the second is better or worse, though it may be the other way over all. */
export function SliceDifferences({
  diff: { slices },
  labels,
}: {
  readonly diff: Pick<VersionDiff, 'slices'>
  readonly labels: readonly [string, string]
}) {
  if (slices.length === 0) return null
  return (
    <div className="card">
      <Text fw={600} size="sm">
        Groups on which they differ most surely
      </Text>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Groups on which they differ most surely">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Group</Table.Th>
              <Table.Th ta="right">Rows</Table.Th>
              <Table.Th>Metric</Table.Th>
              {[...labels, 'B less A, 95%'].map((title) => (
                <Table.Th key={title} ta="right">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {slices.map(({ column, value, rows, metric, a, b, ciLow, ciHigh }) => (
              <Table.Tr key={`${column} ${value}`}>
                <Table.Td>
                  {column}: {value}
                </Table.Td>
                <Table.Td ta="right" className="numeric">
                  {rows}
                </Table.Td>
                <Table.Td>{metric}</Table.Td>
                <Table.Td ta="right" className="numeric">
                  {formatNumber(a)}
                </Table.Td>
                <Table.Td ta="right" className="numeric">
                  {formatNumber(b)}
                </Table.Td>
                <Table.Td ta="right" className="numeric">
                  {formatNumber(ciLow)} to {formatNumber(ciHigh)}{' '}
                  {ciLow <= 0 && ciHigh >= 0 && (
                    <Badge size="xs" variant="light" color="gray" tt="none">
                      not sure
                    </Badge>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  )
}
