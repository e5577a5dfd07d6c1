import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../api/client-context.tsx'

/** Rows of a model's data that are worth a look, by why; only reasons for which there are some. */
export function useInterestingRows(
  model: string,
): readonly { readonly title: string; readonly rows: readonly { readonly row: number; readonly reason: string }[] }[] {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['interesting', model],
    queryFn: () => client.explain.interestingRows({ model, limit: 8 }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return [
    { title: 'Most wrong', rows: data?.mostWrong ?? [] },
    { title: 'Most uncertain', rows: data?.mostUncertain ?? [] },
    { title: 'Unlike the others', rows: data?.outliers ?? [] },
  ].filter(({ rows }) => rows.length > 0)
}
