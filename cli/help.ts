import type { Command, CommandGroup } from './command.ts'
import type { OptionDefinition } from './option-definition.ts'
import { commonOptions } from './parse-options.ts'

/** Help is made from the same tables that the commands are parsed by. */
export function programHelp(groups: readonly CommandGroup[]): string {
  const rows = groups.map((group) =>
    group.kind === 'noun'
      ? ([`${group.name} ${group.verbs.map(({ name }) => name).join('|')}`, group.summary] as const)
      : ([`${group.command.name} ${group.command.words}`, group.command.summary] as const),
  )
  return [
    'Maestro finds a good model for a table, explains it, and keeps it. All of it on this machine.',
    '',
    'usage: maestro NOUN VERB [ARGUMENT] [--flag VALUE]',
    '',
    columns(rows),
    '',
    'For every command:',
    optionLines(commonOptions),
    '',
    'examples:',
    '  maestro automl titanic.csv --target survived --budget 30 --register titanic --export titanic.onnx',
    '  maestro predict titanic new-passengers.csv --out predictions.csv',
    '  maestro serve --open',
  ].join('\n')
}

export function nounHelp(name: string, summary: string, verbs: readonly Command[]): string {
  const example = verbs[0]?.examples[0]
  return [
    summary,
    '',
    `usage: maestro ${name} VERB`,
    '',
    columns(verbs.map((command) => [`${name} ${command.name} ${command.words}`.trimEnd(), command.summary] as const)),
    '',
    ...(example === undefined ? [] : ['example:', `  maestro ${example}`]),
  ].join('\n')
}

export function commandHelp(path: string, command: Command): string {
  return [
    sentence(command.summary),
    '',
    `usage: maestro ${path} ${command.words}`.trimEnd(),
    '',
    ...(command.options.length > 0 ? [optionLines(command.options), ''] : []),
    'For every command:',
    optionLines(commonOptions),
    '',
    command.examples.length > 1 ? 'examples:' : 'example:',
    ...command.examples.map((example) => `  maestro ${example}`),
  ].join('\n')
}

function optionLines(options: readonly OptionDefinition[]): string {
  return columns(
    options.map(({ name, value, choices, required, summary }) => [
      `--${name}${value === undefined ? '' : ` ${choices?.join('|') ?? value}`}`,
      required ? `${summary} (needed)` : summary,
    ]),
  )
}

/** Long left sides get a line of their own. */
const widestLeft = 38

function columns(rows: readonly (readonly [string, string])[]): string {
  const fitting = rows.map(([left]) => left.length).filter((length) => length <= widestLeft)
  const width = Math.max(8, ...fitting)
  return rows
    .map(([left, right]) =>
      left.length > width ? `  ${left}\n  ${' '.repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`,
    )
    .join('\n')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
