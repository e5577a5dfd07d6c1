import { isAtLeast } from '../../../shared/domain/check-policy.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { parseModelReference } from '../models/model-reference.ts'
import type { Recipient } from './notification-rows.ts'
import type { NotificationsService } from './notifications-service.ts'

const dayMs = 86_400_000

/** Tells administrators when the policy refuses to serve what is in a slot: once a day, however often it is asked for. */
export function tellOfRefusedLoad(
  { notify, toldSince }: Pick<NotificationsService, 'notify' | 'toldSince'>,
  people: () => readonly Recipient[],
): (reference: string, error: unknown) => void {
  return (reference, error) => {
    if (!(error instanceof MaestroError && error.code === 'POLICY_REFUSED')) return
    const parsed = parseModelReference(reference)
    if (parsed.kind !== 'alias') return
    const href = `/models/${encodeURIComponent(parsed.name)}`
    if (toldSince('policy-refused', href, new Date(Date.now() - dayMs).toISOString())) return
    const recipients = people().flatMap(({ name, role }) => (isAtLeast(role, 'admin') ? [name] : []))
    const title = `${reference} is not served any more: the policy refuses it`
    notify({ kind: 'policy-refused', actor: 'maestro', title, text: error.message, href }, recipients)
  }
}
