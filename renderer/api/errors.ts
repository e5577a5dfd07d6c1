import { ORPCError } from '@orpc/client'

/** An error as people read it: what happened, what to do, and what to quote when asking for help. */
export interface ReadableError {
  readonly message: string
  readonly hint: string
  readonly code: string
  readonly correlationId: string
}

export function readError(error: unknown): ReadableError {
  if (error instanceof ORPCError) {
    const data: unknown = error.data
    const { hint, correlationId } = { hint: '', correlationId: '', ...(typeof data === 'object' ? data : null) }
    return { message: error.message, hint, code: String(error.code), correlationId }
  }
  return {
    message: error instanceof Error ? error.message : String(error),
    hint: '',
    code: 'INTERNAL',
    correlationId: '',
  }
}
