import { parseArgs } from 'node:util'
import type { OptionDefinition } from './option-definition.ts'
import { usageError } from './usage-error.ts'

/** Flags by name, each as its kind; what was not given is undefined (or false, or empty). */
export interface ParsedOptions {
  text(name: string): string | undefined
  required(name: string): string
  number(name: string): number | undefined
  integer(name: string): number | undefined
  flag(name: string): boolean
  /** All values of a repeatable flag, or those between the commas of one. */
  list(name: string): string[]
}

export interface ParsedCommandLine {
  readonly words: readonly string[]
  readonly options: ParsedOptions
}

/** Flags that every command takes. */
export const commonOptions: readonly OptionDefinition[] = [
  { name: 'workspace', value: 'DIR', summary: 'the workspace (default: MAESTRO_WORKSPACE, or your data folder)' },
  { name: 'json', summary: 'print exactly one JSON document' },
  { name: 'progress', value: 'HOW', choices: ['auto', 'json', 'none'], summary: 'progress on standard error' },
  { name: 'as', value: 'PERSON', summary: 'who acts (default: the owner of the workspace)' },
  { name: 'help', summary: 'show this help' },
]

/** Throws INPUT_INVALID, with what to write instead, for unknown flags and values that do not fit. */
export function parseOptions(
  args: readonly string[],
  definitions: readonly OptionDefinition[],
  help: string,
): ParsedCommandLine {
  const all = [...definitions, ...commonOptions]
  const { values, positionals } = parse(args, all, help)
  for (const { name, choices, required, value } of all) {
    const given = values[name]
    if (required && given === undefined && values.help === undefined) {
      throw usageError(`--${name} ${value ?? ''} is missing.`, help)
    }
    if (choices && typeof given === 'string' && !choices.includes(given)) {
      throw usageError(`--${name} cannot be "${given}".`, `It is one of ${choices.join(', ')}.`)
    }
  }
  return { words: positionals, options: readers(values, help) }
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>

function parse(
  args: readonly string[],
  all: readonly OptionDefinition[],
  help: string,
): { values: Values; positionals: string[] } {
  const options = Object.fromEntries(
    all.map(({ name, value, repeatable }) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: repeatable ?? false },
    ]),
  )
  try {
    return parseArgs({ args: joinNegativeNumbers(args, all), options, allowPositionals: true, strict: true })
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ')
    throw usageError(`${message}.`, help)
  }
}

/** `--threshold -1` means the number; parseArgs would take `-1` for a flag. */
function joinNegativeNumbers(args: readonly string[], all: readonly OptionDefinition[]): string[] {
  const takesValue = new Set(all.filter(({ value }) => value !== undefined).map(({ name }) => `--${name}`))
  const joined: string[] = []
  for (const [at, word] of args.entries()) {
    const before = args[at - 1]
    if (before !== undefined && takesValue.has(before) && /^-[\d.]/.test(word))
      joined[joined.length - 1] = `${before}=${word}`
    else joined.push(word)
  }
  return joined
}

function readers(values: Values, help: string): ParsedOptions {
  const text = (name: string) => {
    const given = values[name]
    return typeof given === 'string' ? given : undefined
  }
  const number = (name: string) => {
    const given = text(name)
    if (given === undefined) return undefined
    const parsed = Number(given)
    if (given.trim() === '' || !Number.isFinite(parsed)) {
      throw usageError(`--${name} takes a number, not "${given}".`, help)
    }
    return parsed
  }
  return {
    text,
    required: (name) => text(name) as string,
    number,
    integer(name) {
      const parsed = number(name)
      if (parsed !== undefined && !Number.isInteger(parsed)) {
        throw usageError(`--${name} takes a whole number, not "${text(name)}".`, help)
      }
      return parsed
    },
    flag: (name) => values[name] === true,
    list(name) {
      const given = values[name]
      const parts = Array.isArray(given) ? given.map(String) : typeof given === 'string' ? given.split(',') : []
      return parts.map((part) => part.trim()).filter((part) => part !== '')
    },
  }
}
