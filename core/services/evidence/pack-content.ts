import type { Approval } from '../../../shared/domain/approvals.ts'
import type { AuditSlice } from '../../audit/audit-slice.ts'
import type { PackageEntry } from '../../packages/package-file.ts'
import type { SignerRecord } from './decision-files.ts'

/** A submission with what was frozen and signed for it. */
export interface PackedApproval {
  readonly approval: Approval
  /** The bytes that the signatures are over; null where they are gone. */
  readonly manifest: Buffer | null
  /** The policy in force when it was submitted; null where it is gone. */
  readonly policy: Buffer | null
  /** DSSE as JSON, in the order in which they came. */
  readonly envelopes: readonly string[]
}

export interface VersionPack {
  readonly label: string
  readonly card: {
    readonly html: string | Uint8Array
    readonly pdf: string | Uint8Array
    readonly json: string | Uint8Array
  }
  /** Everything that the version consists of now, as in its manifest. */
  readonly items: readonly PackageEntry[]
  /** Newest first. */
  readonly approvals: readonly PackedApproval[]
  readonly policyInForce: Buffer
  readonly signers: readonly SignerRecord[]
  readonly slice: AuditSlice
  readonly lineage: unknown
}
