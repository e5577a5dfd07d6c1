import { ORPCError, ValidationError } from '@orpc/server'
import type { ProcedureMeta } from '../../shared/contract/base.ts'
import { isAllowed } from '../../shared/domain/permissions.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import { errorCatalog, MaestroError, toErrorRecord } from '../../shared/errors.ts'
import { newId } from '../storage/ids.ts'
import type { RequestContext } from './procedures.ts'
import { procedures } from './procedures.ts'

/**
 * Stands before every procedure: who may not do it is refused (default deny), and whatever goes wrong, in an answer or in
 * a stream, leaves as one of the contract's errors. The stack stays in the log, under the same correlation id.
 */
export const guard = procedures.middleware(async ({ context, procedure, path, next }) => {
  const correlationId = newId()
  const name = path.join('.')
  let inner = { ...context, correlationId }
  try {
    // A connection may last longer than a role.
    inner = { ...inner, actor: context.app.identities.current(context.actor) }
    assertAllowed(inner, name, procedure['~orpc'].meta)
    const result = await next({ context: inner })
    if (!isStream(result.output)) return result
    return { ...result, output: guardStream(result.output, (error) => toWire(error, name, inner)) }
  } catch (error) {
    throw toWire(error, name, inner)
  }
})

function assertAllowed({ actor }: RequestContext, name: string, { permission }: ProcedureMeta): void {
  if (permission && isAllowed(actor.role, permission)) return
  throw new MaestroError(
    'FORBIDDEN',
    permission
      ? `${actor.name} (${actor.role}) may not do this: it needs the permission ${permission}.`
      : `Nobody may do this: ${name} declares no permission.`,
    permission ? 'Ask somebody whose role has it, or an administrator for another role.' : '',
    { permission: permission ?? null, role: actor.role },
  )
}

function isStream(output: unknown): output is AsyncIterator<unknown> & AsyncIterable<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}

/** Ends the source too when the reader leaves early. */
async function* guardStream(source: AsyncIterable<unknown>, translate: (error: unknown) => Error) {
  try {
    yield* source
  } catch (error) {
    throw translate(error)
  }
}

function toWire(error: unknown, procedure: string, { app, correlationId }: RequestContext): Error {
  if (error instanceof ORPCError && error.defined) return error
  const wire = wireError(error, correlationId)
  const line = { err: error, procedure, correlationId, code: wire.code }
  if (wire.status >= 500) app.context.logger.error(line, 'a request failed')
  else app.context.logger.info(line, 'a request was refused')
  return wire
}

/** Whatever was thrown, as one of the contract's errors. */
export function wireError(error: unknown, correlationId: string) {
  const { code, message, hint, details } = recordOf(error)
  return new ORPCError(code, {
    defined: true,
    status: errorCatalog[code].status,
    message,
    data: { hint, details, correlationId },
  })
}

function recordOf(error: unknown): ErrorRecord {
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    return invalidInput(error.cause)
  }
  const record = diskIsFull(error)
    ? toErrorRecord(new MaestroError('DISK_FULL', undefined, 'Make room and try again. Nothing was changed.'))
    : toErrorRecord(error)
  // What a bug says of itself is for the log: it may name paths, or data.
  return record.code === 'INTERNAL'
    ? { ...record, message: errorCatalog.INTERNAL.message, hint: 'The log has the details under this id.', details: {} }
    : record
}

/** Names the first field that does not fit, and all of them in the details. */
function invalidInput({ issues }: ValidationError): ErrorRecord {
  const problems = issues.map(({ message, path = [] }) => ({
    path: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
    message,
  }))
  const [first] = problems
  return {
    code: 'INPUT_INVALID',
    message: errorCatalog.INPUT_INVALID.message,
    hint: first ? `${first.path === '' ? 'The input' : first.path}: ${first.message}` : '',
    details: { issues: problems },
  }
}

function diskIsFull(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === 'ENOSPC' || code === 'SQLITE_FULL'
}
