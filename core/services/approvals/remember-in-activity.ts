import type { ServiceContext } from '../service-context.ts'
import type { AuditEvent } from './approval-people.ts'

/** Writes what happens to approvals and slots into the workspace's activity, in the transaction that is open. */
export function rememberInActivity({ database }: Pick<ServiceContext, 'database'>): (event: AuditEvent) => void {
  const insert = database.sqlite.prepare(
    'INSERT INTO activity (subject_type, subject_id, actor, what, created_at) VALUES (?, ?, ?, ?, ?)',
  )
  return ({ action, actor, subject, details }) => {
    const at = subject.indexOf(':')
    const what = `${action} ${JSON.stringify(details)}`
    insert.run(subject.slice(0, at), subject.slice(at + 1), actor, what, new Date().toISOString())
  }
}
