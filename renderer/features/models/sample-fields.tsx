import { FileInput, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useClient } from '../../api/client-context.tsx'

/** What a model of another tool is tried on. */
export interface SampleChoice {
  /** Name of a dataset; null: none. */
  readonly sample: string | null
  /** Column of it with the true answers. */
  readonly target: string | null
  /** A table of what its own tool predicts for these rows. */
  readonly native: File | null
}

export const noSample: SampleChoice = { sample: null, target: null, native: null }

/** Chooses rows on which a model is explained, judged and compared with its own tool. */
export function SampleFields({
  value,
  onChange,
}: {
  readonly value: SampleChoice
  readonly onChange: (value: SampleChoice) => void
}) {
  const client = useClient()
  const datasets = useQuery({ queryKey: ['datasets'], queryFn: () => client.datasets.list() })
  const { sample, target, native } = value
  const chosen = useQuery({
    queryKey: ['datasets', 'columns', sample],
    queryFn: () => client.datasets.get({ dataset: sample ?? '' }),
    enabled: sample !== null,
  })
  return (
    <Stack>
      <Select
        label="Sample data"
        description="Rows that it is used on: tells ranges and what drives it"
        placeholder="None"
        data={datasets.data?.datasets.map(({ name }) => name) ?? []}
        value={sample}
        onChange={(name) => onChange({ ...noSample, sample: name })}
        clearable
        searchable
      />
      {sample !== null && (
        <>
          <Select
            label="Column with the true answers"
            description="Tells how good it is"
            placeholder="None"
            data={chosen.data?.columns.map(({ name }) => name) ?? []}
            value={target}
            onChange={(column) => onChange({ ...value, target: column })}
            clearable
            searchable
          />
          <FileInput
            label="Predictions of its own tool"
            description="A table with a row for each of the sample’s: tells whether the export does what the model did"
            placeholder="None"
            value={native}
            onChange={(file) => onChange({ ...value, native: file })}
            clearable
          />
        </>
      )}
    </Stack>
  )
}
