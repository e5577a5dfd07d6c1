import { MaestroError } from '../../shared/errors.ts'

/** How many rows the page that a token stands for comes after; null is the first page. Throws INPUT_INVALID. */
export function pageOffset(token: string | null): number {
  const offset = token === null ? 0 : Number(token)
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new MaestroError(
    'INPUT_INVALID',
    'The page token is not one of ours.',
    'Leave it out to start from the first page.',
  )
}
