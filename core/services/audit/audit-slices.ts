import type { Logger } from 'pino'
import type { AuditRows } from '../../audit/audit-rows.ts'
import type { AuditSlice } from '../../audit/audit-slice.ts'
import { cutSlice } from '../../audit/audit-slice.ts'
import type { AuditEntry } from '../../audit/entry.ts'
import { signTree } from '../../audit/tree-note.ts'
import type { LogKey } from './log-key.ts'

export interface AuditSlices {
  /**
   * The entries for which `isWanted` holds, with proofs that they are in the log. The tree is signed where the log's key is
   * at hand, or can be made in the keychain; a passphrase opens one that is kept under it.
   */
  cut(isWanted: (entry: AuditEntry) => boolean, passphrase?: string): Promise<AuditSlice>
  /** Keys (PEM) of another log of which this workspace keeps checkpoints; none where it is no witness of it. */
  witnessedKeys(this: void, origin: string): string[]
}

/** Cuts slices out of this workspace's log. */
export function createAuditSlices(
  parts: { readonly rows: AuditRows; readonly recorder: { origin(): string }; readonly logKey: LogKey },
  options: { readonly logger: Logger; readonly canWrite: () => boolean },
): AuditSlices {
  const { rows, recorder, logKey } = parts

  /** The key, or null: a slice without a signature is still one, and says so. */
  async function signerAtHand(passphrase: string | undefined) {
    const mayMake = options.canWrite() && logKey.publicPems().length === 0
    if (passphrase === undefined && !logKey.isReady() && !mayMake) return null
    try {
      return await logKey.signer(passphrase === undefined ? { store: 'keychain' } : { store: 'passphrase', passphrase })
    } catch (error) {
      if (passphrase !== undefined) throw error
      options.logger.warn({ err: error }, 'a slice of the audit log could not be signed')
      return null
    }
  }

  return {
    witnessedKeys: (origin) =>
      rows
        .witnessed()
        .filter((each) => each.origin === origin)
        .map(({ publicKey }) => publicKey),
    async cut(isWanted, passphrase) {
      // Before anything is read: with the first key, its public half belongs into the slice.
      const signer = await signerAtHand(passphrase)
      const origin = recorder.origin()
      const texts = [...rows.entries()].map(({ entry }) => entry)
      return cutSlice(
        {
          origin,
          keys: logKey.publicPems(),
          entries: texts,
          checkpoint: rows.checkpoints().at(-1)?.note ?? null,
          disclosuresOf: (sequences) => rows.disclosuresOf(sequences),
          signTree: (tree) => Promise.resolve(signer ? signTree({ origin, ...tree }, signer) : null),
        },
        (text) => isWanted(JSON.parse(text) as AuditEntry),
      )
    },
  }
}
