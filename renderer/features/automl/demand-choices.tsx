import { Group, MultiSelect, Select, Switch } from '@mantine/core'
import type { AutomlSpecification, Objective } from '../../../shared/domain/training.ts'
import { learnableQuantiles } from '../../../shared/domain/training.ts'
import type { TaskName } from '../../../shared/domain/values.ts'

type Demands = Pick<AutomlSpecification, 'objective' | 'monotone' | 'classWeights'>

const none: Demands = { objective: 'squared', monotone: {}, classWeights: 'none' }

const objectives: readonly { readonly value: string; readonly label: string; readonly objective: Objective }[] = [
  { value: 'squared', label: 'the mean', objective: 'squared' },
  { value: 'absolute', label: 'the middle value (outliers count little)', objective: 'absolute' },
  { value: 'huber', label: 'the mean, outliers counting less', objective: 'huber' },
  { value: 'poisson', label: 'a rate of counts', objective: 'poisson' },
  ...learnableQuantiles.map((quantile) => ({
    value: `quantile:${quantile}`,
    label: `the value that ${Math.round(100 * quantile)} of 100 stay below`,
    objective: { quantile },
  })),
]

interface DemandChoicesProps {
  readonly options: Demands
  readonly onChange: (change: Partial<Demands>) => void
  /** Columns of numbers, without the target. */
  readonly numbers: readonly string[]
  readonly task: TaskName
}

/** What every model must keep to. Other goals than the mean, and columns with a direction, are for boosting alone. */
export function DemandChoices({ options, onChange, numbers, task }: DemandChoicesProps) {
  const { objective, monotone, classWeights } = options
  const chosen = typeof objective === 'object' ? `quantile:${objective.quantile}` : objective
  const columnsOf = (way: 'rising' | 'falling') => Object.keys(monotone).filter((name) => monotone[name] === way)
  const setColumns = (way: 'rising' | 'falling', names: readonly string[]) => {
    const others = Object.entries(monotone).filter(([name, direction]) => direction !== way && !names.includes(name))
    onChange({ monotone: Object.fromEntries([...others, ...names.map((name) => [name, way] as const)]) })
  }
  return (
    <>
      {task === 'regression' && (
        <Select
          label="What is predicted of the target"
          description={objective === 'squared' ? undefined : 'Learned by gradient boosting alone'}
          data={objectives.map(({ value, label }) => ({ value, label }))}
          value={chosen}
          onChange={(value) => {
            const found = objectives.find((each) => each.value === value)
            if (found) onChange({ objective: found.objective })
          }}
          allowDeselect={false}
        />
      )}
      {isOrdered(options, task) && (
        <Group grow align="flex-start">
          <MultiSelect
            label="Prediction may only rise with"
            description="Learned by gradient boosting alone"
            data={[...numbers]}
            value={columnsOf('rising')}
            onChange={(names) => setColumns('rising', names)}
            searchable
            clearable
          />
          <MultiSelect
            label="Prediction may only fall with"
            description="Learned by gradient boosting alone"
            data={[...numbers]}
            value={columnsOf('falling')}
            onChange={(names) => setColumns('falling', names)}
            searchable
            clearable
          />
        </Group>
      )}
      {task !== 'regression' && (
        <Switch
          label="Let every class count alike, however rare it is"
          checked={classWeights === 'balanced'}
          onChange={(event) => onChange({ classWeights: event.currentTarget.checked ? 'balanced' : 'none' })}
        />
      )}
    </>
  )
}

/** Whether columns can be kept to a direction. */
function isOrdered({ objective }: Demands, task: TaskName): boolean {
  return task === 'binary' || (task === 'regression' && objective !== 'absolute' && typeof objective !== 'object')
}

/** What of the choices can be asked of the task: another target may have been chosen since. */
export function possibleDemands(demands: Demands, task: TaskName | undefined): Demands {
  if (task === undefined) return none
  const { objective, monotone, classWeights } = demands
  return {
    objective: task === 'regression' ? objective : none.objective,
    monotone: isOrdered(demands, task) ? monotone : none.monotone,
    classWeights: task === 'regression' ? none.classWeights : classWeights,
  }
}
