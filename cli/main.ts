import { resolve } from 'node:path'
import { leave } from '../core/processes/leave.ts'
import { assertRuntime } from '../core/runtime.ts'
import { defaultWorkspaceFolder } from '../core/workspace/workspace-paths.ts'
import type { Command, CommandContext, CommandGroup, CommandResult } from './command.ts'
import { errorAsJson, errorAsText, exitCodeOf, toCommandError } from './describe-error.ts'
import { toJson } from './format.ts'
import { commandGroups } from './groups.ts'
import { commandHelp, nounHelp, programHelp } from './help.ts'
import { openLazily } from './open-workspace.ts'
import type { ParsedOptions } from './parse-options.ts'
import { parseOptions } from './parse-options.ts'
import { createProgressDisplay, progressMode } from './progress-display.ts'
import { usageError } from './usage-error.ts'

/** Runs the command line of this process and ends it with the command's exit code. */
export async function runProgram(args: readonly string[] = process.argv.slice(2)): Promise<void> {
  assertRuntime()
  // Whoever reads us may stop reading: `maestro runs list | head -1` is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const asJson = args.includes('--json')
  let exitCode: number
  try {
    exitCode = await runCommand(args)
  } catch (error) {
    const described = toCommandError(error)
    exitCode = exitCodeOf(described)
    if (asJson) await write(errorAsJson(described))
    else process.stderr.write(`${errorAsText(described)}\n`)
  }
  leave(exitCode)
}

async function runCommand(args: readonly string[]): Promise<number> {
  const found = findCommand(args)
  if ('help' in found) {
    await write(found.help)
    return found.exitCode
  }
  const { command, path, rest } = found
  const help = `maestro ${path} --help shows how it is written.`
  const { words, options } = parseOptions(rest, command.options, help)
  if (options.flag('help')) {
    await write(commandHelp(path, command))
    return 0
  }
  assertWords(command, path, words, help)
  return runInWorkspace(command, words, options)
}

async function runInWorkspace(command: Command, words: readonly string[], options: ParsedOptions): Promise<number> {
  const json = options.flag('json')
  const folder = options.text('workspace') ?? process.env.MAESTRO_WORKSPACE
  const workspace = folder ? resolve(folder) : defaultWorkspaceFolder()
  const interruption = listenForInterrupts()
  const progress = createProgressDisplay(progressMode(options.text('progress'), json, process.stderr), process.stderr)
  const note = (line: string) => void process.stderr.write(`${line}\n`)
  const connection = openLazily(workspace, options.text('as'), note)
  const context: CommandContext = {
    words,
    options,
    workspace,
    json,
    progress,
    note,
    interrupted: interruption.signal,
    connect: connection.get,
    client: async () => (await connection.get()).client,
  }
  let result: CommandResult
  try {
    result = await command.run(context)
    progress.done()
    if (json && result.json !== undefined) await write(toJson(result.json))
    else if (!json && result.text !== '') await write(result.text)
  } finally {
    progress.done()
    interruption.stop()
    await connection.close()
  }
  return result.exitCode ?? 0
}

type Found =
  | { readonly command: Command; readonly path: string; readonly rest: readonly string[] }
  | { readonly help: string; readonly exitCode: number }

function findCommand(args: readonly string[]): Found {
  const [first, second] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    return { help: programHelp(commandGroups), exitCode: first === undefined ? 2 : 0 }
  }
  const group = commandGroups.find((candidate) => nameOf(candidate) === first)
  if (!group) {
    const near = nearest(first, commandGroups.map(nameOf))
    throw usageError(`There is no command "${first}".`, near ? `Did you mean "${near}"?` : 'maestro --help lists them.')
  }
  if (group.kind === 'verb') return { command: group.command, path: group.command.name, rest: args.slice(1) }
  if (second === undefined || second === '--help' || second === '-h') {
    return { help: nounHelp(group.name, group.summary, group.verbs), exitCode: second === undefined ? 2 : 0 }
  }
  const command = group.verbs.find(({ name }) => name === second)
  if (!command) {
    const verbs = group.verbs.map(({ name }) => name)
    const near = nearest(second, verbs)
    throw usageError(
      `maestro ${group.name} has no verb "${second}".`,
      near ? `Did you mean "${near}"?` : `It has ${verbs.join(', ')}.`,
    )
  }
  return { command, path: `${group.name} ${command.name}`, rest: args.slice(2) }
}

function nameOf(group: CommandGroup): string {
  return group.kind === 'noun' ? group.name : group.command.name
}

/** A name that begins alike, or has the same letters but one or two. */
function nearest(given: string, names: readonly string[]): string | undefined {
  return names.find((name) => name.startsWith(given) || given.startsWith(name) || letterDistance(given, name) <= 2)
}

/** Levenshtein's distance. */
function letterDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** `FILE` takes one word, `[REF]` one or none, `ID ID…` at least two. */
function assertWords({ words }: Command, path: string, given: readonly string[], help: string): void {
  const expected = words === '' ? [] : words.split(' ')
  const least = expected.filter((word) => !word.startsWith('[')).length
  const most = expected.some((word) => word.includes('…')) ? Number.POSITIVE_INFINITY : expected.length
  if (given.length >= least && given.length <= most) return
  const problem =
    given.length < least ? `${expected[given.length]} is missing.` : `"${given[expected.length]}" is too much.`
  throw usageError(`maestro ${path} ${words}: ${problem}`.replace(' :', ':'), help)
}

/** The first Ctrl+C asks the command to end and keep what it has; the second ends it at once. */
function listenForInterrupts(): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt)
  return {
    signal: controller.signal,
    stop() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt)
    },
  }
}

function write(text: string): Promise<void> {
  return new Promise((done) => process.stdout.write(`${text}\n`, () => done()))
}
