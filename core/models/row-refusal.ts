import { MaestroError } from '../../shared/errors.ts'

/** What is said of a row that makes a model fail, such as one with a category that it does not know. Rows count from 0. */
export function refusal(row: number, reason: string): MaestroError {
  return new MaestroError(
    'MODEL_FAILED',
    `The model refuses row ${row}: ${reason}`,
    'Correct its values, or leave the row out.',
    { row, reason },
  )
}

/** The same of a row of a batch that begins at row `start`; other errors as they are. */
export function refusalInBatch(error: unknown, start: number): unknown {
  if (!(error instanceof MaestroError) || start === 0) return error
  const { row, reason } = error.details
  return typeof row === 'number' && typeof reason === 'string' ? refusal(start + row, reason) : error
}
