import type { ProcedureMeta } from '../../shared/contract/base.ts'
import type { Permission } from '../../shared/domain/permissions.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { errorCatalog } from '../../shared/errors.ts'
import type { AuditEvent } from '../audit/audit-recorder.ts'
import { describeCall } from '../audit/describe-call.ts'
import type { RequestContext } from './procedures.ts'

/** What only reads, though its input is too rich for an address. */
const reads: ReadonlySet<Permission> = new Set(['models:explain', 'models:predict', 'models:rebuild'])

/** Whether a procedure changes something, and so belongs into the audit log when it succeeds. */
export function changesSomething(meta: ProcedureMeta, method: string | undefined): boolean {
  const { permission } = meta
  if (permission === undefined || method === 'GET') return false
  return !permission.endsWith(':read') && !reads.has(permission)
}

/** The event of a call that succeeds. */
export function eventOf({ actor }: RequestContext, action: string, input: unknown): AuditEvent {
  return { action, actor: actor.name, role: actor.role, outcome: 'done', ...describeCall(action, input) }
}

/**
 * The event of a call that does not; null for what is not worth one: an input that fits nothing asks for nothing, and a
 * read that fails has changed nothing. A refusal is always written down.
 */
export function failureOf(event: AuditEvent, code: ErrorCode, isChange: boolean): AuditEvent | null {
  // A key that is locked is a question back, which is answered by the next call.
  if (code === 'INPUT_INVALID' || code === 'READ_ONLY' || code === 'KEY_LOCKED') return null
  const isRefusal = errorCatalog[code].exit === 4
  if (!isRefusal && !isChange) return null
  return { ...event, outcome: isRefusal ? 'refused' : 'failed', code }
}
