import { MaestroError } from '../shared/errors.ts'

/** The command was written wrongly: exit 2. */
export function usageError(message: string, hint: string): MaestroError {
  return new MaestroError('INPUT_INVALID', message, hint)
}
