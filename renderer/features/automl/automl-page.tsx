import { Alert, Button, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { Job } from '../../../shared/domain/jobs.ts'
import type { AutomlState } from '../../../shared/domain/training.ts'
import { useClient } from '../../api/client-context.tsx'
import { fileHref, saveUrl } from '../../api/upload.ts'
import { ChartCard } from '../../charts/chart-card.tsx'
import { bestOverTime, frontOf, paretoFront, trialLanes } from '../../charts/training-charts.ts'
import { usePathParameters } from '../../routes/parameters.ts'
import { MetricLabel, useMetricNames } from '../../ui/metric-names.tsx'
import { EstimateText, formatNumber, formatSeconds, StatusBadge } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { WarningList } from '../data/warning-list.tsx'
import { RegisterButton } from '../models/register-button.tsx'
import { AdviceCard } from './advice-card.tsx'
import { Leaderboard } from './leaderboard.tsx'

/** A search, while it runs and afterwards. */
export function AutomlPage() {
  const { id } = usePathParameters()
  const client = useClient()
  const { state, error } = useLiveState(id)
  const job = useQuery({
    queryKey: ['jobs', id],
    queryFn: () => client.jobs.get({ id }),
    refetchInterval: (query) => (isOpen(query.state.data) ? 1_000 : false),
  })
  if (error) return <ErrorState error={error} />
  if (!state) return <Loading />
  return <SearchView state={state} job={job.data} />
}

function isOpen(job: Job | undefined): boolean {
  return job === undefined || job.state === 'running' || job.state === 'queued'
}

function useLiveState(id: string): { state: AutomlState | null; error: unknown } {
  const client = useClient()
  const [state, setState] = useState<AutomlState | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    const stop = new AbortController()
    const listen = async () => {
      for await (const next of await client.automl.watch({ id }, { signal: stop.signal })) setState(next)
    }
    listen().catch((reason: unknown) => {
      if (!stop.signal.aborted) setError(reason)
    })
    return () => stop.abort()
  }, [client, id])
  return { state, error }
}

function SearchView({ state, job }: { readonly state: AutomlState; readonly job: Job | undefined }) {
  const client = useClient()
  const failed = tellFailure()
  const stop = useMutation({ mutationFn: () => client.automl.stop({ id: state.jobId }), onError: failed })
  const cancel = useMutation({ mutationFn: () => client.jobs.cancel({ id: state.jobId }), onError: failed })
  const open = isOpen(job)
  const done = job?.state === 'succeeded'
  const nameOf = useMetricNames()
  // Of the same kind as the dots: the mean of the folds.
  const reached = state.leaderboard[0]?.score ?? state.history.at(-1)?.best
  return (
    <>
      <PageHead
        title={state.experimentName}
        parents={[{ label: 'AutoML', to: '/automl' }]}
        beside={job && <StatusBadge status={job.state} />}
        actions={
          open ? (
            <>
              <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
                Cancel
              </Button>
              <Button loading={stop.isPending} disabled={state.leaderboard.length === 0} onClick={() => stop.mutate()}>
                Stop and keep
              </Button>
            </>
          ) : (
            done && state.best && <WinnerActions runId={state.best.runId} name={state.dataset.name} />
          )
        }
      />
      {job?.error && (
        <Alert color="red" title={job.error.message} mb="md" role="alert">
          {job.error.hint} What was finished is kept.
        </Alert>
      )}
      <Stack>
        <Summary state={state} open={open} reason={job?.result?.reason} />
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <ChartCard
            title={
              reached === undefined
                ? 'The first model is on its way'
                : `${open ? 'So far the best' : 'The best'} model reaches ${formatNumber(reached)} as the mean of its folds`
            }
            subtitle={`${nameOf(state.metric)}: each dot is a model, the line the best so far, the band ± one standard deviation between its folds`}
            option={(look) => bestOverTime(state, look)}
            table={[
              ['seconds', 'trial', state.metric, 'best'],
              ...state.history.map(({ seconds, trialId, score, best }) => [seconds, trialId, score, best]),
            ]}
          />
          <ChartCard
            title={`${state.trials.length} of about ${state.expectedTrials} trials`}
            subtitle="A bar is a model in training; pale ones were given up"
            option={(look) => trialLanes(state, look)}
            table={[
              ['trial', 'learner', 'start', 'state', 'score'],
              ...state.trials.map((trial) => [trial.trialId, trial.learner, trial.startedAt, trial.state, trial.score]),
            ]}
          />
        </SimpleGrid>
        <Leaderboard
          rows={state.leaderboard}
          metric={state.metric}
          parity={state.parity}
          bestRunId={state.best?.runId ?? null}
        />
        {!open && state.leaderboard.length > 1 && (
          <ChartCard
            title={frontTitle(state)}
            subtitle={`${nameOf(state.metric)}; each dot is a model, further left is quicker; no model beats those on the line in both`}
            option={(look) => paretoFront(state.leaderboard, state.metric, look)}
            table={[
              ['model', 'µs a row', state.metric],
              ...state.leaderboard.map((row) => [
                `${row.rank}. ${row.learnerTitle}`,
                row.predictMicrosPerRow,
                row.score,
              ]),
            ]}
          />
        )}
        {state.advice && <AdviceCard advice={state.advice} />}
        <WarningList warnings={state.warnings} />
      </Stack>
    </>
  )
}

function frontTitle({ leaderboard, metric }: AutomlState): string {
  const front = frontOf(leaderboard, metric)
  const [quickest] = front
  if (front.length < 2 || !quickest) return 'Quality against speed: one model is both the best and the quickest'
  return `Quality against speed: ${quickest.learnerTitle} is quickest, ${front.at(-1)?.learnerTitle ?? ''} best`
}

function WinnerActions({ runId, name }: { readonly runId: string; readonly name: string }) {
  const navigate = useNavigate()
  const client = useClient()
  const save = useMutation({
    mutationFn: () => client.runs.get({ id: runId }),
    onSuccess: ({ artifacts }) => {
      const file = artifacts.find(({ path }) => path === 'model.onnx')
      if (file) saveUrl(`${name}.onnx`, fileHref(file.digest, `${name}.onnx`))
      else notifications.show({ color: 'red', message: 'The run has no ONNX file. Register it to have one made.' })
    },
    onError: tellFailure('The model was not exported'),
  })
  return (
    <>
      <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
        Export ONNX
      </Button>
      <Button variant="default" onClick={() => void navigate({ to: '/predict', search: { model: `run:${runId}` } })}>
        Try it
      </Button>
      <Button variant="default" onClick={() => void navigate({ to: '/runs/$id', params: { id: runId } })}>
        Open the winner
      </Button>
      <RegisterButton runId={runId} suggestion={name} />
    </>
  )
}

function Summary(props: { readonly state: AutomlState; readonly open: boolean; readonly reason: unknown }) {
  const { state, open, reason } = props
  const left = Math.max(0, state.budgetSeconds - state.elapsedSeconds)
  const facts: readonly (readonly [string, ReactNode])[] = [
    // While it runs this is the mean of the folds; the winner is judged anew on all rows together.
    [
      state.parity ? 'Winner, all out-of-fold rows together' : 'Best, mean of its folds',
      state.best ? <EstimateText key="b" estimate={state.best.score} /> : '–',
    ],
    ['Simple model, mean of its folds', state.baseline === null ? '–' : formatNumber(state.baseline)],
    ['Predicts', `${state.target} (${state.task})`],
    ['Judged by', <MetricLabel key="m" name={state.metric} />],
    ['Trials', `${state.trials.length}`],
    [open ? 'Time left' : 'Ended because', open ? formatSeconds(left) : (state.endReason ?? '–')],
    ...(state.parity
      ? [
          [
            'ONNX against engine',
            state.parity.passed
              ? `equal on ${state.parity.rows.toLocaleString('en')} rows`
              : `${state.parity.labelFlips} labels differ`,
          ] as const,
        ]
      : []),
  ]
  return (
    <div className="card">
      <Group gap="xl">
        {facts.map(([label, value]) => (
          <div key={label}>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
            <Text component="div">{value}</Text>
          </div>
        ))}
      </Group>
      {typeof reason === 'string' && (
        <Text size="sm" mt="sm">
          <strong>Why this one:</strong> {reason}
        </Text>
      )}
      {open && (
        <Progress
          mt="sm"
          value={Math.min(100, (100 * state.elapsedSeconds) / state.budgetSeconds)}
          aria-label="Time used"
        />
      )}
    </div>
  )
}
