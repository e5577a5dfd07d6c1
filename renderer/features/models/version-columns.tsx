import type { VersionSummary } from '../../../shared/domain/models.ts'
import type { DataColumn } from '../../ui/data-table.tsx'
import type { useMetricNames } from '../../ui/metric-names.tsx'
import { EstimateText, RelativeTime } from '../../ui/numbers.tsx'

/** The columns of tables of versions, from which each table chooses. */
export function versionColumns(nameOf: ReturnType<typeof useMetricNames>) {
  return {
    name: { key: 'name', title: 'Model', value: ({ name }) => name, width: 190 },
    version: { key: 'version', title: 'Version', value: ({ version }) => version, width: 80 },
    aliases: {
      key: 'aliases',
      title: 'Aliases',
      value: ({ aliases }) => aliases.map((alias) => `@${alias}`).join(', '),
      width: 130,
    },
    tags: {
      key: 'tags',
      title: 'Tags',
      value: ({ tags }) =>
        Object.entries(tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
      width: 150,
    },
    state: { key: 'state', title: 'Approval', value: ({ state }) => (state === 'none' ? '' : state), width: 100 },
    learner: { key: 'learner', title: 'Learner', value: ({ learner }) => learner, width: 150 },
    score: {
      key: 'score',
      title: 'Score',
      value: ({ score }) => score?.value ?? null,
      render: ({ score }) => <EstimateText estimate={score} />,
      width: 190,
    },
    metric: { key: 'metric', title: 'Metric', value: ({ metric }) => (metric ? nameOf(metric) : null), width: 250 },
    digest: { key: 'digest', title: 'Digest', value: ({ digest }) => digest.slice(7, 15), width: 90 },
    created: {
      key: 'created',
      title: 'Registered',
      value: ({ createdAt }) => createdAt,
      render: ({ createdAt }) => <RelativeTime time={createdAt} />,
      width: 120,
    },
  } satisfies Record<string, DataColumn<VersionSummary>>
}
