import { ORPCError } from '@orpc/client'

/** An error as people read it: what happened, what to do, and what to quote when asking for help. */
export interface ReadableError {
  readonly message: string
  readonly hint: string
  readonly code: string
  readonly correlationId: string
}

/** What the host said went wrong outside of a call: with an upload, or with a job. */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly code: string
  readonly hint: string

  constructor({ message, code, hint }: { readonly message: string; readonly code: string; readonly hint: string }) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

export function readError(error: unknown): ReadableError {
  if (error instanceof ORPCError) {
    const data: unknown = error.data
    const { hint, correlationId } = { hint: '', correlationId: '', ...(typeof data === 'object' ? data : null) }
    return { message: error.message, hint, code: String(error.code), correlationId }
  }
  if (error instanceof HostError) {
    return { message: error.message, hint: error.hint, code: error.code, correlationId: '' }
  }
  return {
    message: error instanceof Error ? error.message : String(error),
    hint: '',
    code: 'INTERNAL',
    correlationId: '',
  }
}

/** The error in an answer that is not a success: what the host wrote there, or else its status. */
export function errorOfAnswer(status: number, text: string): HostError {
  try {
    const record: unknown = JSON.parse(text)
    if (typeof record === 'object' && record !== null && 'message' in record && 'code' in record) {
      const hint = 'hint' in record ? String(record.hint) : ''
      return new HostError({ message: String(record.message), code: String(record.code), hint })
    }
  } catch {
    // Not from the host's own handler; the status is all there is.
  }
  return new HostError({
    message: `The host did not take the file (status ${status}).`,
    code: 'INTERNAL',
    hint: status === 401 || status === 403 ? 'Open Maestro again with a fresh link.' : 'Try again.',
  })
}
