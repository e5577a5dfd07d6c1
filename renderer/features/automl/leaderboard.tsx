import { Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { LeaderboardRow, ParityCertificate } from '../../../shared/domain/training.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { useMetricNames } from '../../ui/metric-names.tsx'
import { formatBytes, formatPlain, formatSeconds } from '../../ui/numbers.tsx'

interface LeaderboardProps {
  readonly rows: readonly LeaderboardRow[]
  readonly metric: string
  readonly parity: ParityCertificate | null
  readonly bestRunId: string | null
}

/** Models ranked by the metric; a click opens the run. */
export function Leaderboard({ rows, metric, parity, bestRunId }: LeaderboardProps) {
  const navigate = useNavigate()
  const nameOf = useMetricNames()
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Leaderboard
      </Title>
      <Text size="xs" c="dimmed" mb="xs">
        Ranked by {nameOf(metric)}, as the mean of the folds: each model is judged on the rows that it did not learn
        from.
      </Text>
      {rows.length === 0 ? (
        <Text c="dimmed">The first models show up here within seconds.</Text>
      ) : (
        <DataTable
          label="Leaderboard"
          view="leaderboard"
          height={420}
          rows={rows}
          rowKey={(row) => row.runId}
          onOpen={(row) => void navigate({ to: '/runs/$id', params: { id: row.runId } })}
          columns={[
            { key: 'rank', title: 'Rank', value: (row) => row.rank, width: 60 },
            { key: 'learner', title: 'Model', value: (row) => row.learnerTitle, width: 190 },
            { key: 'score', title: `${metric}, mean of folds`, value: (row) => row.score, width: 190 },
            { key: 'std', title: '± between folds', value: (row) => row.scoreStd, width: 130 },
            {
              key: 'fit',
              title: 'Training',
              value: (row) => row.fitSeconds,
              render: (row) => formatSeconds(row.fitSeconds),
              width: 100,
            },
            { key: 'speed', title: 'µs a row', value: (row) => row.predictMicrosPerRow, width: 90 },
            {
              key: 'size',
              title: 'Size',
              value: (row) => row.sizeBytes,
              render: (row) => formatBytes(row.sizeBytes),
              width: 100,
            },
            {
              key: 'parity',
              title: 'ONNX',
              value: (row) => (row.runId === bestRunId && parity ? (parity.passed ? 'equal ✓' : 'differs') : ''),
              width: 90,
            },
            {
              key: 'params',
              title: 'Parameters',
              value: (row) =>
                Object.entries(row.params)
                  .map(([key, value]) => `${key} ${typeof value === 'number' ? formatPlain(value) : value}`)
                  .join(', '),
              width: 520,
            },
          ]}
        />
      )}
    </section>
  )
}
