import type { Explanation } from '../../shared/domain/explanations.ts'
import type { CounterfactualAnswer, Surrogate } from '../../shared/domain/inspections.ts'
import type { CommandContext } from '../command.ts'
import { number, oneLine } from '../format.ts'
import type { OptionDefinition } from '../option-definition.ts'
import { usageError } from '../usage-error.ts'

type Client = Awaited<ReturnType<CommandContext['client']>>

/** Answers counterfactuals for so many rows at once; each tries thousands of rows. */
const mostCounterfactuals = 20

/** Flags that ask for more than attributions. */
export const inspectionOptions: readonly OptionDefinition[] = [
  { name: 'counterfactuals', summary: `what would have to change (at most ${mostCounterfactuals} rows)` },
  { name: 'wanted', value: 'OUTCOME', summary: 'the outcome to reach: a class, or ">= 20"' },
  { name: 'keep', value: 'COLUMNS', summary: 'columns that must stay as they are' },
  { name: 'surrogate', summary: 'one small tree that imitates the model, with its fidelity' },
]

/** What was asked for beside attributions: fields of the JSON, and lines. */
export interface Inspections {
  readonly json: Readonly<Record<string, unknown>>
  readonly text: readonly string[]
}

/** Asks for what the flags name. */
export async function inspect(
  { options }: CommandContext,
  client: Client,
  { model, data, explanation }: { readonly model: string; readonly data: string; readonly explanation: Explanation },
): Promise<Inspections> {
  const json: Record<string, unknown> = {}
  const text: string[] = []
  if (options.flag('counterfactuals')) {
    if (explanation.rows.length > mostCounterfactuals)
      throw usageError(`--counterfactuals takes at most ${mostCounterfactuals} rows.`, 'Name them with --rows.')
    const wanted = options.text('wanted')
    const answers: CounterfactualAnswer[] = []
    for (const { row } of explanation.rows) {
      const keep = options.list('keep')
      answers.push(await client.explain.counterfactuals({ model, data, row, keep, ...(wanted ? { wanted } : {}) }))
    }
    json.counterfactuals = answers
    text.push(...answers.map(describeAnswer))
  }
  if (options.flag('surrogate')) {
    const surrogate = await client.explain.surrogate({ model, data })
    json.surrogate = surrogate
    text.push('', surrogate.reading, ...describeTree(surrogate))
  }
  return { json, text }
}

function describeAnswer({ row, reading, answers, nearest }: CounterfactualAnswer): string {
  const changes = answers.map(
    (answer) =>
      `  ${answer.changes.map(({ feature, from, to }) => `${feature}: ${cellText(from)} → ${cellText(to)}`).join(', ')}`,
  )
  const like = nearest.map((each) => `${each.row} (${each.truth ?? each.prediction})`).join(', ')
  return [`\nrow ${row}: ${reading}`, ...changes, `  most like it: rows ${like}`].join('\n')
}

/** The tree as indented questions. */
function describeTree({ nodes }: Pick<Surrogate, 'nodes'>, at = 0, question = '', depth = 0): string[] {
  const node = nodes[at]
  if (!node) return []
  const line = `${'  '.repeat(depth)}${question}${question ? ': ' : ''}${number(node.value)} (${node.rows} rows)`
  if (node.feature === null || node.left === null || node.right === null) return [line]
  const rule = node.levels ? `is ${node.levels.map(oneLine).join(' or ')}` : `<= ${cellText(node.threshold)}`
  const name = oneLine(node.feature)
  return [
    line,
    ...describeTree({ nodes }, node.left, `${name} ${rule}`, depth + 1),
    ...describeTree({ nodes }, node.right, `${name} otherwise`, depth + 1),
  ]
}

function cellText(cell: number | string | boolean | null): string {
  return typeof cell === 'number' ? number(cell) : oneLine(String(cell ?? 'missing'))
}
