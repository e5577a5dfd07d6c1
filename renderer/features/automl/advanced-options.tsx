import { Group, MultiSelect, NumberInput, Select, Stack, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { AutomlSpecification } from '../../../shared/domain/training.ts'
import type { TaskName } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { DemandChoices } from './demand-choices.tsx'
import { ThresholdChoice } from './threshold-choice.tsx'

type Options = Pick<
  AutomlSpecification,
  | 'metric'
  | 'exclude'
  | 'folds'
  | 'seed'
  | 'trials'
  | 'learners'
  | 'ensemble'
  | 'groupColumn'
  | 'timeColumn'
  | 'weightColumn'
  | 'threshold'
  | 'calibrate'
  | 'objective'
  | 'monotone'
  | 'classWeights'
>

/** What a search does when nobody says otherwise; as in the contract. */
export const usualOptions: Options = {
  metric: 'auto',
  exclude: [],
  folds: 5,
  seed: 0,
  trials: null,
  learners: [],
  ensemble: true,
  groupColumn: null,
  timeColumn: null,
  weightColumn: null,
  threshold: 0.5,
  calibrate: true,
  objective: 'squared',
  monotone: {},
  classWeights: 'none',
}

interface AdvancedOptionsProps {
  readonly options: Options
  readonly onChange: (options: Options) => void
  /** All but the target. */
  readonly columns: readonly string[]
  /** Those of numbers. */
  readonly numbers: readonly string[]
  readonly task: TaskName | undefined
}

/** What most people leave as it is. */
export function AdvancedOptions({ options, onChange, columns, numbers, task }: AdvancedOptionsProps) {
  const client = useClient()
  const metrics = useQuery({
    queryKey: ['metrics'],
    queryFn: () => client.automl.metrics(),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const learners = useQuery({
    queryKey: ['learners'],
    queryFn: () => client.automl.learners(),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const set = (change: Partial<Options>) => onChange({ ...options, ...change })
  const isAble = ({ tasks }: { readonly tasks: readonly TaskName[] }) => task !== undefined && tasks.includes(task)
  return (
    <Stack>
      <Select
        label="Ranked by"
        data={[
          { value: 'auto', label: 'what fits the task' },
          ...(metrics.data ?? [])
            .filter(isAble)
            .map(({ name, plain, title }) => ({ value: name, label: `${plain} (${title})` })),
        ]}
        value={options.metric}
        onChange={(metric) => metric && set({ metric })}
        allowDeselect={false}
      />
      <MultiSelect
        label="Learners"
        placeholder={options.learners.length === 0 ? 'boosting, forests and linear models' : ''}
        data={(learners.data ?? []).filter(isAble).map(({ name, title }) => ({ value: name, label: title }))}
        value={options.learners}
        onChange={(chosen) => set({ learners: chosen })}
        clearable
      />
      <MultiSelect
        label="Columns to leave out"
        data={[...columns]}
        value={options.exclude}
        onChange={(exclude) => set({ exclude })}
        searchable
        clearable
      />
      <Group grow align="flex-end">
        <ColumnSelect
          label="Groups"
          description="Rows of one group stay together"
          columns={columns}
          value={options.groupColumn}
          onChange={(groupColumn) => set({ groupColumn })}
        />
        <ColumnSelect
          label="Time"
          description="Learn from earlier rows only"
          columns={columns}
          value={options.timeColumn}
          onChange={(timeColumn) => set({ timeColumn })}
        />
        <ColumnSelect
          label="Weights"
          description="How much a row counts"
          columns={columns}
          value={options.weightColumn}
          onChange={(weightColumn) => set({ weightColumn })}
        />
      </Group>
      <Group grow align="flex-end">
        <NumberInput
          label="Folds"
          min={2}
          max={20}
          value={options.folds}
          onChange={(folds) => typeof folds === 'number' && set({ folds })}
        />
        <NumberInput
          label="Seed"
          min={0}
          max={4_294_967_295}
          value={options.seed}
          onChange={(seed) => typeof seed === 'number' && set({ seed })}
        />
        <NumberInput
          label="At most so many trials"
          placeholder="no limit"
          min={1}
          max={100_000}
          value={options.trials ?? ''}
          onChange={(trials) => set({ trials: typeof trials === 'number' && trials > 0 ? trials : null })}
        />
      </Group>
      {task === 'binary' && <ThresholdChoice value={options.threshold} onChange={(threshold) => set({ threshold })} />}
      {task !== undefined && <DemandChoices options={options} onChange={set} numbers={numbers} task={task} />}
      <Switch
        label="Join the best models into an ensemble where that is better"
        checked={options.ensemble}
        onChange={(event) => set({ ensemble: event.currentTarget.checked })}
      />
      {task !== 'regression' && (
        <Switch
          label="Correct probabilities where that helps"
          checked={options.calibrate}
          onChange={(event) => set({ calibrate: event.currentTarget.checked })}
        />
      )}
    </Stack>
  )
}

function ColumnSelect(props: {
  readonly label: string
  readonly description: string
  readonly columns: readonly string[]
  readonly value: string | null
  readonly onChange: (column: string | null) => void
}) {
  const { columns, ...field } = props
  return <Select {...field} data={[...columns]} placeholder="none" clearable searchable />
}
