import { NumberInput, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { Loaded } from '../../ui/states.tsx'
import { WhatIf } from './what-if.tsx'

/** What-if that starts from a row of the training table. */
export function WhatIfView({ model }: { readonly model: string }) {
  const client = useClient()
  const [row, setRow] = useState(0)
  const [settledRow] = useDebouncedValue(row, 200)
  const signature = useQuery({ queryKey: ['signature', model], queryFn: () => client.predict.signature({ model }) })
  const start = useQuery({
    queryKey: ['what-if-row', model, settledRow],
    queryFn: async () => {
      const { features, rows } = await client.explain.rows({ model, rows: [settledRow], effort: 'quick' })
      return Object.fromEntries(features.map((name, at) => [name, rows[0]?.cells[at] ?? null]))
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Stack>
      <NumberInput
        label="Start from row"
        description="Counted from 0, as in the dataset"
        min={0}
        value={row}
        onChange={(value) => setRow(Math.max(0, Math.floor(Number(value))))}
        w={200}
      />
      <Loaded query={signature}>
        {(data) => (
          <Loaded query={start}>
            {(values) => <WhatIf key={settledRow} model={model} signature={data} start={values} />}
          </Loaded>
        )}
      </Loaded>
    </Stack>
  )
}
