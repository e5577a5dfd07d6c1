import type { OpenedReview, ReviewFinding, ReviewIndex } from '../../../shared/domain/reviews.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { AuditSlice } from '../../audit/audit-slice.ts'
import { readSlice, verifySlice } from '../../audit/audit-slice.ts'
import type { AuditEntry } from '../../audit/entry.ts'
import { readLogKey } from '../../audit/export-format.ts'

/** What the log of who submitted says about the version, and whether it holds. */
export interface PackageAudit {
  readonly finding: ReviewFinding
  readonly history: OpenedReview['history']
}

/**
 * Checks the slice of the audit log in a package: that it holds, and tells of this very submission. `pinned` are the keys
 * (PEM) under which this workspace keeps checkpoints of that log, if it is a witness of it; only they count then.
 */
export function checkPackageAudit(
  content: Buffer | null,
  approval: ReviewIndex['approval'],
  pinned: (origin: string) => readonly string[],
): PackageAudit {
  if (content === null) {
    return { finding: finding('warning', 'It has no slice of the audit log of who sent it.'), history: [] }
  }
  try {
    const slice = readSlice(content.toString('utf8'))
    const known = pinned(slice.origin)
    const keys = (known.length > 0 ? known : slice.keys).map(readLogKey)
    const { ok, firstBad } = verifySlice(slice, { keys, mustBeSigned: known.length > 0 })
    if (!ok) {
      const where = firstBad && firstBad.sequence > 0 ? `, entry ${firstBad.sequence}` : ''
      return refused(`The slice of the audit log does not hold${where}: ${firstBad?.reason ?? 'it is damaged'}.`)
    }
    if (!tellsOf(slice, approval)) return refused('The slice of the audit log does not tell of this submission.')
    const signed = slice.tree === null ? 'nobody signed the log itself' : 'signed by the key of the log'
    return {
      finding: finding('note', `${slice.entries.length} entries of the audit log of who sent it hold; ${signed}.`),
      history: historyOf(slice),
    }
  } catch (error) {
    if (error instanceof MaestroError) return refused(error.message)
    throw error
  }
}

function tellsOf({ entries }: AuditSlice, { id, manifestDigest }: ReviewIndex['approval']): boolean {
  return entries.some(({ text }) => {
    const { action, details } = JSON.parse(text) as AuditEntry
    return (
      action === 'approval.submitted' && details.subject === `approval:${id}` && details.manifest === manifestDigest
    )
  })
}

function historyOf({ entries, disclosures }: AuditSlice): OpenedReview['history'] {
  const actors = new Map(disclosures.flatMap((each) => (each.field === 'actor' ? [[each.sequence, each.value]] : [])))
  return entries.map(({ text }) => {
    const { sequence, time, action, outcome } = JSON.parse(text) as AuditEntry
    return { sequence, time, action, outcome, actor: actors.get(sequence) ?? null }
  })
}

function refused(message: string): PackageAudit {
  return { finding: finding('error', message), history: [] }
}

function finding(severity: ReviewFinding['severity'], message: string): ReviewFinding {
  return { code: 'AUDIT', severity, message }
}
