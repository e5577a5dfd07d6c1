import type { MaestroClient } from '../core/rpc/attach-client.ts'
import type { WorkspaceConnection } from '../core/workspace/connect-or-open.ts'
import type { OptionDefinition } from './option-definition.ts'
import type { ParsedOptions } from './parse-options.ts'
import type { ProgressDisplay } from './progress-display.ts'

/** What a command is given. The workspace is opened, or attached to, at the first call. */
export interface CommandContext {
  /** What stands after the verb, as many as the usage asks for. */
  readonly words: readonly string[]
  readonly options: ParsedOptions
  connect(): Promise<WorkspaceConnection>
  client(): Promise<MaestroClient>
  /** The workspace's folder. */
  readonly workspace: string
  readonly progress: ProgressDisplay
  /** Aborted by Ctrl+C. */
  readonly interrupted: AbortSignal
  /** Whether the answer is printed as JSON. */
  readonly json: boolean
  /** A line for people, on standard error. */
  note(line: string): void
}

export interface CommandResult {
  /** Printed with --json; stable. Undefined when the command has written for itself. */
  readonly json: unknown
  /** Printed otherwise. */
  readonly text: string
  /** 0 unless told otherwise. */
  readonly exitCode?: number
}

export interface Command {
  /** The verb; for a command that stands alone its name. */
  readonly name: string
  /** What stands after it: `FILE`, `[REF]`, `ID ID…`. */
  readonly words: string
  readonly summary: string
  readonly options: readonly OptionDefinition[]
  /** Without the program's name. */
  readonly examples: readonly string[]
  run(context: CommandContext): Promise<CommandResult>
}

/** A noun with its verbs, or a command that stands alone. */
export type CommandGroup =
  | { readonly kind: 'noun'; readonly name: string; readonly summary: string; readonly verbs: readonly Command[] }
  | { readonly kind: 'verb'; readonly command: Command }

export function noun(name: string, summary: string, verbs: readonly Command[]): CommandGroup {
  return { kind: 'noun', name, summary, verbs }
}

export function verb(command: Command): CommandGroup {
  return { kind: 'verb', command }
}
