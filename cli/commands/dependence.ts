import type { CommandContext, CommandResult } from '../command.ts'
import { verb } from '../command.ts'
import { table } from '../format.ts'
import { dataReference, modelReference } from '../references.ts'
import { usageError } from '../usage-error.ts'

const methods = ['pdp', 'ale'] as const

export const dependence = verb({
  name: 'dependence',
  words: 'MODEL DATA',
  summary: 'say how the prediction follows one column, all else as it is',
  options: [
    { name: 'feature', value: 'COLUMN', required: true, summary: 'the column' },
    { name: 'ice', summary: 'one curve a row as well' },
    { name: 'with', value: 'COLUMN', summary: 'a second column: every pair of values' },
    {
      name: 'method',
      value: 'METHOD',
      choices: methods,
      summary: 'pdp sets all rows to each value (default); ale moves rows only within what exists',
    },
  ],
  examples: [
    'dependence titanic titanic.csv --feature age',
    'dependence titanic titanic --feature fare --ice --json',
    'dependence titanic titanic --feature age --with sex',
    'dependence titanic titanic --feature age --method ale',
  ],
  async run(context) {
    const { options } = context
    const effects = options.text('method') === 'ale'
    const second = options.text('with')
    if ([effects, second !== undefined, options.flag('ice')].filter(Boolean).length > 1)
      throw usageError('--ice, --with and --method ale exclude each other.', 'Ask for one of them at a time.')
    if (effects) return localEffects(context)
    return second === undefined ? oneColumn(context) : twoColumns(context, second)
  },
})

async function questionOf(context: CommandContext) {
  const [model = '', data = ''] = context.words
  return {
    model: modelReference(model),
    data: await dataReference(context, data),
    feature: context.options.required('feature'),
  }
}

async function oneColumn(context: CommandContext): Promise<CommandResult> {
  const client = await context.client()
  const ice = context.options.flag('ice')
  const { feature, grid, mean, curves, classes, counts, kind, reading } = await client.explain.dependence({
    ...(await questionOf(context)),
    ice,
  })
  const labels = mean.length === 1 ? ['mean prediction'] : classes
  return {
    json: {
      feature,
      kind,
      classes,
      grid,
      mean: single(mean),
      ...(curves === null ? {} : { curves }),
      counts,
      reading,
    },
    text: [
      reading,
      table(
        [feature, ...labels, 'rows'],
        grid.map((value, at) => [cellText(value), ...mean.map((line) => line[at] ?? Number.NaN), counts[at] ?? 0]),
      ),
    ].join('\n'),
  }
}

async function twoColumns(context: CommandContext, second: string): Promise<CommandResult> {
  const client = await context.client()
  const pair = await client.explain.pair({ ...(await questionOf(context)), with: second })
  const [rows, columns] = pair.grids
  const shown = pair.mean[0] ?? []
  return {
    json: {
      feature: pair.features[0],
      with: pair.features[1],
      classes: pair.classes,
      grid: rows,
      withGrid: columns,
      mean: single(pair.mean),
      counts: pair.counts,
      interaction: single(pair.interaction),
      reading: pair.reading,
    },
    text: [
      pair.reading,
      table(
        [`${pair.features[0]} \\ ${pair.features[1]}`, ...columns.map(cellText)],
        rows.map((value, at) => [cellText(value), ...(shown[at] ?? [])]),
      ),
    ].join('\n'),
  }
}

async function localEffects(context: CommandContext): Promise<CommandResult> {
  const client = await context.client()
  const { feature, classes, edges, effects, counts, leftOut, reading } = await client.explain.effects(
    await questionOf(context),
  )
  const labels = effects.length === 1 ? ['effect'] : classes
  return {
    json: { feature, method: 'ale', classes, grid: edges, mean: single(effects), counts, leftOut, reading },
    text: [
      reading,
      table(
        [feature, ...labels, 'rows up to the next'],
        edges.map((edge, at) => [
          cellText(edge),
          ...effects.map((line) => line[at] ?? Number.NaN),
          counts[at] === undefined ? '' : String(counts[at]),
        ]),
      ),
    ].join('\n'),
  }
}

/** With one output (binary, regression) its own; with several one a class. */
function single<Item>(perClass: readonly Item[]): Item | readonly Item[] {
  return perClass.length === 1 ? (perClass[0] as Item) : perClass
}

function cellText(cell: number | string | boolean | null): string {
  return String(cell ?? 'missing')
}
