import { Alert, Button, FileButton, Group, Progress, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { Signature } from '../../../shared/domain/models.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { followJob } from '../../api/follow-job.ts'
import { saveUrl, uploadFile } from '../../api/upload.ts'
import { useLatestAnswer } from '../../api/use-latest-answer.ts'
import { useSearchParameters } from '../../routes/parameters.ts'
import { formatNumber } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, ErrorState, Loaded } from '../../ui/states.tsx'
import { WhatIf } from '../explain/what-if.tsx'

/** Score one row by a form, or a whole file. */
export function PredictPage() {
  const { model } = useSearchParameters()
  const client = useClient()
  const navigate = useNavigate()
  const models = useQuery({ queryKey: ['models'], queryFn: () => client.models.list() })
  const options = (models.data?.models ?? []).flatMap(({ versions }) =>
    versions.map((version) => ({
      value: `${version.name}/${version.version}`,
      label: `${version.name} / ${version.version}`,
    })),
  )
  const chosen = model ?? options[0]?.value
  const all =
    chosen && !options.some(({ value }) => value === chosen)
      ? [...options, { value: chosen, label: chosen.startsWith('run:') ? 'The run just trained' : chosen }]
      : options
  return (
    <>
      <PageHead title="Predict" />
      <Loaded query={models}>
        {() =>
          chosen === undefined ? (
            <EmptyState title="No model to predict with">Find a model on a table and register it first.</EmptyState>
          ) : (
            <Stack>
              <Select
                label="Model"
                data={all}
                value={chosen}
                onChange={(value) => value && void navigate({ to: '/predict', search: { model: value } })}
                searchable
                allowDeselect={false}
                w={320}
              />
              <Predict key={chosen} model={chosen} />
            </Stack>
          )
        }
      </Loaded>
    </>
  )
}

function Predict({ model }: { readonly model: string }) {
  const client = useClient()
  const signature = useQuery({ queryKey: ['signature', model], queryFn: () => client.predict.signature({ model }) })
  return (
    <Loaded query={signature}>
      {(data) => (
        <>
          <ScoreFile model={model} />
          <ScoreRow model={model} signature={data} />
        </>
      )}
    </Loaded>
  )
}

function ScoreRow({ model, signature }: { readonly model: string; readonly signature: Signature }) {
  const [start] = useState<Readonly<Record<string, Cell>>>(() =>
    Object.fromEntries(signature.inputs.map(({ name, example }) => [name, example])),
  )
  return (
    <WhatIf
      model={model}
      signature={signature}
      start={start}
      above={(row) => <FilePrediction model={model} target={signature.target} row={row} />}
    />
  )
}

/** What the exported file says of a row, in the runtime that it will be used with. */
function FilePrediction({
  model,
  target,
  row,
}: {
  readonly model: string
  readonly target: string
  readonly row: Readonly<Record<string, Cell>>
}) {
  const client = useClient()
  const ask = useCallback(
    (record: Readonly<Record<string, Cell>>) => client.predict.rows({ model, rows: [record] }),
    [client, model],
  )
  const { answer, error } = useLatestAnswer(row, ask)
  const [predicted] = answer?.rows ?? []
  return (
    <>
      {error !== null && error !== undefined && <ErrorState error={error} />}
      {answer && (
        <div className="card">
          <Text size="xl" fw={700}>
            {target}: {String(predicted?.prediction ?? '')}
          </Text>
          <Group gap="xl">
            {Object.entries(predicted?.probabilities ?? {}).map(([label, value]) => (
              <Text key={label} size="sm" className="numeric">
                {label}: {formatNumber(100 * value)}%
              </Text>
            ))}
          </Group>
          <Text size="xs" c="dimmed">
            by ONNX Runtime in {formatNumber(answer.milliseconds)} ms
          </Text>
        </div>
      )}
      {(answer?.warnings ?? []).map(({ column, code, message }) => (
        <Alert key={`${column} ${code}`} color="yellow" p="xs">
          {message}
        </Alert>
      ))}
    </>
  )
}

function ScoreFile({ model }: { readonly model: string }) {
  const client = useClient()
  const [progress, setProgress] = useState<{ readonly fraction: number; readonly detail: string } | null>(null)
  const score = useMutation({
    mutationFn: async (file: File) => {
      const upload = await uploadFile(file, (share) => setProgress({ fraction: share * 0.2, detail: 'sending' }))
      const { job } = await client.predict.file({ model, upload })
      const result = await followJob(client, job.id, ({ fraction, detail }) =>
        setProgress({ fraction: 0.2 + 0.8 * fraction, detail }),
      )
      return result as {
        rows: number
        href: string | null
        out: string
        warnings: readonly { message: string; column: string; code: string; row: number }[]
      }
    },
    onSuccess: ({ href }) => href && saveUrl('predictions.csv', href),
    onSettled: () => setProgress(null),
  })
  return (
    <div className="card">
      <Group>
        <Title order={2} size="h4">
          A file
        </Title>
        <FileButton
          onChange={(file) => file && score.mutate(file)}
          accept=".csv,.tsv,.txt,.parquet,.arrow,.feather,.gz"
        >
          {(props) => (
            <Button variant="default" loading={score.isPending} {...props}>
              Choose a table to score
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          The answer is a CSV with a prediction for each row.
        </Text>
      </Group>
      {progress && (
        <>
          <Progress mt="sm" value={progress.fraction * 100} aria-label="Scoring" />
          <Text size="xs" c="dimmed">
            {progress.detail}
          </Text>
        </>
      )}
      {score.error && <ErrorState error={score.error} />}
      {score.data && (
        <Text size="sm" mt="xs">
          {score.data.rows.toLocaleString('en')} rows were scored
          {score.data.warnings.length > 0
            ? ` with ${score.data.warnings.length} warnings, the first in row ${score.data.warnings[0]?.row ?? 0}: ${score.data.warnings[0]?.message ?? ''}`
            : ''}
          .
        </Text>
      )}
    </div>
  )
}
