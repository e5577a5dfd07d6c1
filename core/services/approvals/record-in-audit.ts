import type { AuditRecorder } from '../../audit/audit-recorder.ts'
import type { Actor } from '../service-context.ts'
import type { AuditEvent } from './approval-people.ts'

/** Fields with words or names of people, which the log keeps as commitments. */
const words: ReadonlySet<string> = new Set(['text', 'reason', 'message', 'what', 'item'])

/**
 * Writes what happens to approvals and slots into the audit log, beside the call that it happens in: what was signed over
 * which manifest, what Maestro itself has ended, which reply was refused and why.
 */
export function recordInAudit(
  audit: Pick<AuditRecorder, 'record'>,
  people: { actorOf(name: string): Actor },
): (event: AuditEvent) => void {
  return ({ action, actor, subject, details }) => {
    const isOpen = ([field]: readonly [string, unknown]) => !words.has(field)
    const values = Object.entries(details).filter(([, value]) => value !== undefined)
    const isRefusal = action.endsWith('refused')
    const role = roleOf(people, actor)
    audit.record({
      action,
      actor,
      role,
      outcome: isRefusal ? 'refused' : 'done',
      // Nobody has this role: Maestro acts by itself, in the midst of a call that may still be refused.
      aside: isRefusal || role === 'none',
      details: { subject, ...Object.fromEntries(values.filter(isOpen).map(([field, value]) => [field, plain(value)])) },
      hidden: Object.fromEntries(
        values.filter((each) => !isOpen(each)).map(([field, value]) => [field, String(plain(value))]),
      ),
    })
  }
}

/** Maestro acts for itself when time has passed or content has changed. */
function roleOf(people: { actorOf(name: string): Actor }, name: string): string {
  try {
    return people.actorOf(name).role
  } catch {
    return 'none'
  }
}

function plain(value: unknown): string | number | boolean | null {
  return typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : typeof value === 'string'
      ? value.toWellFormed()
      : JSON.stringify(value)
}
