import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Explanation } from '../../shared/domain/explanations.ts'
import { describeUnanswered, isCurved } from '../../shared/domain/explanations.ts'
import type { CommandContext, CommandResult } from '../command.ts'
import { verb } from '../command.ts'
import { number, table, toJson } from '../format.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { dataReference, modelReference } from '../references.ts'
import { usageError } from '../usage-error.ts'
import type { Inspections } from './explain-inspections.ts'
import { inspect, inspectionOptions } from './explain-inspections.ts'

const methods = ['auto', 'tree', 'interventional', 'linear', 'exact', 'sampling', 'lime'] as const
const outputs = ['raw', 'probability'] as const
const methodNames: Readonly<Record<Explanation['method'], string>> = {
  tree: 'TreeSHAP, exact',
  interventional: 'interventional TreeSHAP, exact',
  linear: 'linear SHAP, exact',
  exact: 'all coalitions, exact',
  sampling: 'sampled, with standard errors',
  lime: 'LIME, an approximation',
}
const mostRows = 5_000
const defaultRows = '0:100'

const options: readonly OptionDefinition[] = [
  { name: 'method', value: 'METHOD', choices: methods, summary: 'default: the strongest that holds for the model' },
  { name: 'output', value: 'OUTPUT', choices: outputs, summary: 'what is explained (default raw)' },
  { name: 'background', value: 'DATA', summary: 'rows against which attributions are measured' },
  { name: 'rows', value: 'FROM:TO', summary: `rows to explain, the last one excluded (default ${defaultRows})` },
  { name: 'interactions', summary: 'what columns do only together, a matrix a row' },
  { name: 'grouped', summary: 'columns that say the same share credit first (Owen values)' },
  {
    name: 'tolerance',
    value: 'SHARE',
    summary: 'sampling: largest standard error, of all that moves the score (0.01)',
  },
  { name: 'correlated', summary: 'one linear model: columns go together as in the background' },
  ...inspectionOptions,
  { name: 'out', value: 'FILE', summary: 'write the JSON to a file' },
]

export const explain = verb({
  name: 'explain',
  words: 'MODEL DATA',
  summary: 'say which column moved each prediction by how much',
  options,
  examples: [
    'explain titanic titanic.csv --rows 17:18',
    'explain titanic@production titanic --method lime --json',
    'explain titanic titanic --rows 17 --counterfactuals --keep age,sex',
  ],
  async run(context) {
    const [model = '', data = ''] = context.words
    const { options: given } = context
    const rows = rowRange(given.text('rows') ?? defaultRows)
    const client = await context.client()
    const dataset = await dataReference(context, data)
    const background = given.text('background')
    const { rows: available } = await client.datasets.get({ dataset })
    const there = rows.filter((row) => row < available)
    const explanation = await client.explain.rows({
      model: modelReference(model),
      data: dataset,
      // Rows that are all beyond the end are refused by name.
      rows: there.length > 0 ? there : rows,
      method: methods.find((method) => method === given.text('method')) ?? 'auto',
      output: outputs.find((output) => output === given.text('output')) ?? 'raw',
      interactions: given.flag('interactions'),
      grouped: given.flag('grouped'),
      correlated: given.flag('correlated'),
      ...toleranceOf(given),
      ...(background === undefined ? {} : { background: await dataReference(context, background) }),
    })
    return describe(
      context,
      explanation,
      await inspect(context, client, { model: modelReference(model), data: dataset, explanation }),
    )
  },
})

function toleranceOf(given: CommandContext['options']): { tolerance?: number } {
  const tolerance = given.number('tolerance')
  if (tolerance === undefined) return {}
  if (tolerance >= 0.001 && tolerance <= 0.5) return { tolerance }
  throw usageError('--tolerance goes from 0.001 to 0.5.', 'It is a share: 0.005 is half a per cent.')
}

/** `17:20` is 17, 18, 19; `17` alone is one row. */
function rowRange(text: string): number[] {
  const [, first, colon, last] = /^(\d+)(:(\d+))?$/.exec(text)?.map((part) => part) ?? []
  const from = Number(first)
  const to = colon === undefined ? from + 1 : Number(last)
  if (first === undefined || !(to > from))
    throw usageError(`--rows cannot be "${text}".`, 'Write FROM:TO, as 0:100, or one row.')
  if (to - from > mostRows) throw usageError(`--rows takes at most ${mostRows} rows at once.`, 'Explain them in parts.')
  return Array.from({ length: to - from }, (_, at) => from + at)
}

function describe(
  { options: given }: CommandContext,
  explanation: Explanation,
  inspections: Inspections,
): CommandResult {
  const json = { ...asContract(explanation), ...inspections.json }
  const out = given.text('out')
  if (out !== undefined) writeFileSync(resolve(out), `${toJson(json)}\n`)
  const shown = explanation.rows.slice(0, 20).map(describeRow(explanation))
  const missed = number(explanation.additivity.maxAbsError)
  const method = `${methodNames[explanation.method]}; ${explanation.method === 'lime' ? `misses the score by up to ${missed}` : `sums to the score within ${missed}`}`
  return {
    json,
    text: [
      out === undefined ? '' : `written to ${resolve(out)}`,
      method,
      describeUnanswered(explanation),
      ...howMade(explanation),
      ...shown,
      ...inspections.text,
    ]
      .filter((line) => line !== '')
      .join('\n'),
  }
}

/** What sampled and local explanations rest on, in lines. */
function howMade({ sampling, lime }: Explanation): string[] {
  const percent = (share: number) => `${number(100 * share)}%`
  if (sampling) {
    const met = sampling.largest <= sampling.bound ? 'within' : 'which is more than'
    return [
      `no value is uncertain by more than ${percent(sampling.largest)} of all that moves the score, ${met} the ${percent(sampling.bound)} asked for`,
    ]
  }
  if (!lime) return []
  return [
    `kernel width ${number(lime.kernelWidth)}, ${lime.repeats} repeats of ${lime.samples} rows; each row says how far they agree`,
  ]
}

/** With one output (binary, regression) a value a feature; with several one list a class. */
function asContract({ rows, ...explanation }: Explanation) {
  const single = <Table>(perClass: readonly Table[]): Table | readonly Table[] =>
    perClass.length === 1 ? (perClass[0] as Table) : perClass
  return {
    method: explanation.method,
    exact: explanation.exact,
    output: explanation.output,
    classes: explanation.classes,
    features: explanation.features,
    baseValues: explanation.baseValues,
    rows: rows.map((row) => ({
      row: row.row,
      prediction: row.prediction,
      scores: row.scores,
      probabilities: row.probabilities,
      values: single(row.values),
      ...(row.interactions === undefined ? {} : { interactions: single(row.interactions) }),
      ...(row.standardErrors === null ? {} : { standardErrors: single(row.standardErrors) }),
      ...(row.stability === undefined ? {} : { stability: row.stability, stable: row.stable }),
    })),
    ...(explanation.unanswered === undefined ? {} : { unanswered: explanation.unanswered }),
    ...(explanation.grouped === undefined ? {} : { grouped: explanation.grouped }),
    ...(explanation.correlated === undefined ? {} : { correlated: explanation.correlated }),
    additivity: explanation.additivity,
    ...(explanation.sampling === undefined ? {} : { sampling: explanation.sampling }),
    ...(explanation.lime === undefined ? {} : { lime: explanation.lime }),
  }
}

/** A predicted number may be made of the score by a curve, as counts are: the effects are those on the score. */
function scoreBehind({ prediction, scores: [score] }: Explanation['rows'][number]): string {
  if (score === undefined || !isCurved(prediction, score)) return ''
  return ` (made of the score ${number(score)}, which the effects add up to)`
}

/** The five strongest columns of a row, for the class that is predicted. */
function describeRow({ features, classes }: Explanation) {
  return (row: Explanation['rows'][number]): string => {
    const predicted = row.values.length === 1 ? 0 : Math.max(0, classes.indexOf(String(row.prediction)))
    const values = row.values[predicted] ?? []
    const strongest = values
      .map((value, at) => ({ value, at }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
      .slice(0, 5)
    const rows = strongest.map(({ value, at }) => [features[at] ?? '', String(row.cells[at] ?? ''), value])
    return `\nrow ${row.row}: ${row.prediction}${scoreBehind(row)}\n${table(['column', 'value', 'effect'], rows)}`
  }
}
