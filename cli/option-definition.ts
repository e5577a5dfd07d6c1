/** One flag of a command. */
export interface OptionDefinition {
  /** Without the dashes. */
  readonly name: string
  /** What stands for the value in the help; a flag without one is a switch. */
  readonly value?: string
  /** May be given several times. */
  readonly repeatable?: boolean
  /** The only values there are. */
  readonly choices?: readonly string[]
  readonly required?: boolean
  readonly summary: string
}
