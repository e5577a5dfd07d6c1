import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useClient } from '../api/client-context.tsx'

/** Gives a metric's name in the field's words with its short name: "Area under the ROC curve (roc_auc)". */
export function useMetricNames(): (name: string) => string {
  const client = useClient()
  const metrics = useQuery({
    queryKey: ['metrics'],
    queryFn: () => client.automl.metrics(),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (name) => {
    const title = metrics.data?.find((each) => each.name === name)?.title
    return title === undefined ? name : `${title.slice(0, 1).toUpperCase()}${title.slice(1)} (${name})`
  }
}

/** A metric by its name in words, what it means on hover, and its short name in grey. */
export function MetricLabel({ name }: { readonly name: string }) {
  const client = useClient()
  const metrics = useQuery({
    queryKey: ['metrics'],
    queryFn: () => client.automl.metrics(),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const found = metrics.data?.find((each) => each.name === name)
  if (!found) return <>{name}</>
  return (
    <span title={found.plain}>
      {found.title.slice(0, 1).toUpperCase()}
      {found.title.slice(1)}{' '}
      <Text span c="dimmed" size="xs">
        ({name})
      </Text>
    </span>
  )
}
