import {
  Alert,
  Button,
  FileButton,
  Group,
  NumberInput,
  Progress,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Signature, SignatureInput } from '../../../shared/domain/models.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { followJob } from '../../api/follow-job.ts'
import { saveUrl, uploadFile } from '../../api/upload.ts'
import { useSearchParameters } from '../../routes/parameters.ts'
import { formatNumber, formatPlain } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, ErrorState, Loaded } from '../../ui/states.tsx'
import { OneRow } from '../models/row-explanation.tsx'

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
  const client = useClient()
  const [row, setRow] = useState<Record<string, Cell>>(() =>
    Object.fromEntries(signature.inputs.map(({ name, example }) => [name, example])),
  )
  const [settled] = useDebouncedValue(row, 120)
  const explanation = useQuery({
    queryKey: ['what-if', model, settled],
    queryFn: () => client.explain.rows({ model, records: [settled] }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const prediction = useQuery({
    queryKey: ['predict', model, settled],
    queryFn: () => client.predict.rows({ model, rows: [settled] }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Stack className="card">
        <Title order={2} size="h4">
          One row
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {signature.inputs.map((input) => (
            <Field
              key={input.name}
              input={input}
              value={row[input.name] ?? null}
              onChange={(value) => setRow({ ...row, [input.name]: value })}
            />
          ))}
        </SimpleGrid>
        {(prediction.data?.warnings ?? []).map(({ column, code, message }) => (
          <Alert key={`${column} ${code}`} color="yellow" p="xs">
            {message}
          </Alert>
        ))}
      </Stack>
      <Stack>
        {prediction.error && <ErrorState error={prediction.error} />}
        {prediction.data && (
          <div className="card">
            <Text size="xl" fw={700}>
              {signature.target}: {String(prediction.data.rows[0]?.prediction ?? '')}
            </Text>
            <Group gap="xl">
              {Object.entries(prediction.data.rows[0]?.probabilities ?? {}).map(([label, value]) => (
                <Text key={label} size="sm" className="numeric">
                  {label}: {formatNumber(100 * value)}%
                </Text>
              ))}
            </Group>
            <Text size="xs" c="dimmed">
              by ONNX Runtime in {formatNumber(prediction.data.milliseconds)} ms
            </Text>
          </div>
        )}
        {explanation.error ? (
          <ErrorState error={explanation.error} />
        ) : (
          explanation.data && <OneRow explanation={explanation.data} />
        )}
      </Stack>
    </SimpleGrid>
  )
}

/** A field for a column: a list of its levels, a number within what was seen, a switch. */
function Field({
  input,
  value,
  onChange,
}: {
  readonly input: SignatureInput
  readonly value: Cell
  readonly onChange: (value: Cell) => void
}) {
  const { name, type, min, max, levels } = input
  if (type === 'boolean' && (levels === null || levels.length === 0))
    return (
      <Switch
        label={name}
        checked={value === true || value === 1}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    )
  if (levels !== null && levels.length > 0)
    return (
      <Select
        label={name}
        data={[...new Set(levels)]}
        value={value === null ? null : String(value)}
        onChange={onChange}
        placeholder="missing"
        searchable
        clearable
        limit={200}
      />
    )
  if (type === 'number') {
    const range = min === null || max === null ? '' : `seen: ${formatPlain(min)} to ${formatPlain(max)}`
    return (
      <NumberInput
        label={name}
        description={range}
        value={typeof value === 'number' ? value : ''}
        placeholder="missing"
        onChange={(next) => onChange(next === '' ? null : Number(next))}
      />
    )
  }
  return (
    <TextInput
      label={name}
      value={value === null ? '' : String(value)}
      placeholder={type === 'datetime' ? '2026-01-31T12:00:00Z' : 'missing'}
      onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
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
