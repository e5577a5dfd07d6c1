import { ORPCError } from '@orpc/client'
import * as z from 'zod'
import type { ErrorCode, ErrorRecord } from '../shared/errors.ts'
import { errorCatalog, toErrorRecord } from '../shared/errors.ts'
import { oneLine, toJson } from './format.ts'

export interface CommandError extends ErrorRecord {
  readonly correlationId: string
}

/** What to tell of whatever was thrown: by a call, by a job, or here. */
export function toCommandError(error: unknown): CommandError {
  if (error instanceof ORPCError && error.code in errorCatalog) {
    const data = (error.data ?? {}) as Partial<CommandError>
    return {
      code: error.code as ErrorCode,
      message: error.message,
      hint: data.hint ?? '',
      details: data.details ?? {},
      correlationId: data.correlationId ?? '',
    }
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return {
      code: 'WORKSPACE_LOCKED',
      message: 'The program that held the workspace ended before it answered.',
      hint: 'Run the command again: it opens the workspace itself. Nothing that was acknowledged is lost.',
      details: {},
      correlationId: '',
    }
  }
  if (error instanceof z.ZodError) {
    const [issue] = error.issues
    const message = `An answer has an unexpected shape: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
    return { code: 'INTERNAL', message, hint: 'Report it.', details: {}, correlationId: '' }
  }
  return { ...toErrorRecord(error), correlationId: '' }
}

export function exitCodeOf({ code }: CommandError): number {
  return errorCatalog[code].exit
}

export function errorAsJson(error: CommandError): string {
  const { code, message, hint, details, correlationId } = error
  return toJson({ error: { code, message, hint, details, correlationId } })
}

export function errorAsText({ code, message, hint, correlationId }: CommandError): string {
  const lines = [`error[${code}]: ${oneLine(message)}`]
  if (hint !== '') lines.push(`hint: ${hint}`)
  if (code === 'INTERNAL' && correlationId !== '') lines.push(`log id: ${correlationId}`)
  return lines.join('\n')
}
