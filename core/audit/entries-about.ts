import type { AuditEntry } from './entry.ts'

/** By which names an entry may mean a version, what it consists of, and what was decided on it. */
export interface AuditSubject {
  readonly model: string
  readonly version: number
  readonly versionId: string
  /** Ids of its submissions. */
  readonly approvals: readonly string[]
  /** Of its file, its manifests and the policies that it was submitted under. */
  readonly digests: readonly string[]
}

/**
 * Whether an entry concerns a version: it names it, its file, a submission of it, or its model as a whole; or it set the
 * rules (`policy.set`) or began the log.
 */
export function isAbout({
  model,
  version,
  versionId,
  approvals,
  digests,
}: AuditSubject): (entry: AuditEntry) => boolean {
  const names = new Set([
    versionId,
    `version:${versionId}`,
    `${model}/${version}`,
    ...approvals.flatMap((id) => [id, `approval:${id}`]),
    ...digests,
  ])
  return ({ action, details }) => {
    if (action === 'log.created' || action === 'policy.set') return true
    if (Object.values(details).some((value) => typeof value === 'string' && names.has(value))) return true
    // Of its model, but not of another of its versions: aliases, the trash, deployments by alias.
    const named = details.model ?? (action.startsWith('models.') ? details.name : undefined)
    if (typeof named !== 'string') return false
    if (named !== model) return named.startsWith(`${model}@`)
    return details.version === undefined || details.version === version
  }
}
