import type { AuditEventView, AuditVerification } from '../../../shared/domain/audit.ts'
import type { Keep } from '../../../shared/domain/identities.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { AuditRecorder } from '../../audit/audit-recorder.ts'
import type { AuditRows, EventRow, WitnessRow } from '../../audit/audit-rows.ts'
import { readCheckpoint, signCheckpoint, verifyCheckpoint } from '../../audit/checkpoint.ts'
import type { AuditEntry } from '../../audit/entry.ts'
import { readLogKey, writeExport } from '../../audit/export-format.ts'
import type { Disclosure } from '../../audit/verify-log.ts'
import { verifyLog } from '../../audit/verify-log.ts'
import { deliver } from '../../documents/deliver.ts'
import { publicKeyPem } from '../../trust/signing-keys.ts'
import type { PersonRows } from '../evidence/person-rows.ts'
import type { IdentitiesService } from '../identities/identities-service.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import type { LogKey } from './log-key.ts'

/** After so many events a checkpoint is signed without being asked for, where the key needs no passphrase. */
const checkpointEvery = 100

export interface AuditParts {
  readonly rows: AuditRows
  readonly recorder: AuditRecorder & { origin(): string }
  readonly logKey: LogKey
  readonly identities: IdentitiesService
  readonly persons: PersonRows
}

/** The audit log of this workspace: list, verify, export, sign, and witness for others. */
export function createAuditService(
  context: ServiceContext,
  { rows, recorder, logKey, identities, persons }: AuditParts,
) {
  let isSigning = false

  function verify(): AuditVerification {
    const stored = storedFault()
    const verification = verifyLog(
      {
        origin: recorder.origin(),
        entries: texts(),
        checkpoints: rows.checkpoints().map(({ note }) => note),
        disclosures: rows.disclosures(),
      },
      { keys: logKey.publicKeys() },
    )
    const firstBad =
      stored !== null && (verification.firstBad === null || stored.sequence < verification.firstBad.sequence)
        ? stored
        : verification.firstBad
    return { ...verification, findings: [...verification.findings], ok: firstBad === null, firstBad }
  }

  function* texts(): Generator<string> {
    for (const { entry } of rows.entries()) yield entry
  }

  /** Lists are made from columns that repeat the entry: they must say the same. */
  function storedFault(): { sequence: number; reason: string } | null {
    for (const row of rows.entries()) {
      const differs = columnThatDiffers(row)
      if (differs !== null) return { sequence: row.sequence, reason: `its column ${differs} says something else` }
    }
    return null
  }

  async function sign(keep: Keep): Promise<void> {
    const signer = await logKey.signer(keep)
    const last = rows.last()
    if (!last || rows.checkpoints().at(-1)?.size === last.sequence) return
    const note = signCheckpoint({ origin: recorder.origin(), size: last.sequence, hash: last.hash }, signer)
    rows.insertCheckpoint({ size: last.sequence, hash: last.hash, note, createdAt: new Date().toISOString() })
  }

  /** Never throws: the log goes on without checkpoints, and `verify` says how far they reach. */
  async function signIfPossible(): Promise<void> {
    if (isSigning || !logKey.isReady()) return
    isSigning = true
    try {
      await sign({ store: 'keychain' })
    } catch (error) {
      context.logger.warn({ err: error }, 'no checkpoint of the audit log could be signed')
    } finally {
      isSigning = false
    }
  }

  return {
    verify,

    list(filter: {
      readonly before?: number | undefined
      readonly action?: string | undefined
      readonly outcome?: string | undefined
      readonly actor?: string | undefined
      readonly text?: string | undefined
      readonly limit: number
    }): { events: AuditEventView[]; total: number; nextBefore: number | null } {
      const asked = {
        before: filter.before ?? null,
        action: filter.action ?? null,
        outcome: filter.outcome ?? null,
        person: filter.actor ?? null,
        text: filter.text ?? null,
        limit: filter.limit,
      }
      const found = rows.list(asked)
      const disclosures = rows.disclosuresOf(found.map(({ sequence }) => sequence))
      const last = found.at(-1)
      return {
        events: found.map((row) => toView(row, disclosures)),
        total: rows.count(asked),
        nextBefore: last && found.length === filter.limit && last.sequence > 1 ? last.sequence : null,
      }
    },

    async export(out: string | undefined) {
      if (!context.database.readOnly) await signIfPossible()
      const verification = verify()
      const log = {
        origin: recorder.origin(),
        keys: logKey.publicPems(),
        entries: texts(),
        checkpoints: rows.checkpoints().map(({ note }) => note),
        disclosures: rows.disclosures(),
      }
      const content = [...writeExport(log)].join('')
      return { ...verification, ...deliver(context.blobs, content, out, 'audit.jsonl') }
    },

    async checkpoint(keep: Keep) {
      context.assertWritable()
      await sign(keep)
      const verification = verify()
      const row = rows.checkpoints().at(-1)
      const [publicKey] = logKey.publicKeys().slice(-1)
      context.changed({ topic: 'audit', id: null })
      return {
        ...verification,
        lastCheckpoint:
          row && publicKey
            ? {
                origin: recorder.origin(),
                size: row.size,
                hash: row.hash,
                note: row.note,
                publicKey: publicKeyPem(publicKey),
              }
            : null,
      }
    },

    /** To be called after a decision, and after every event: signs when it is time to. */
    async checkpointWhenDue(options: { readonly now?: boolean } = {}): Promise<void> {
      const size = rows.last()?.sequence ?? 0
      const signed = rows.checkpoints().at(-1)?.size ?? 0
      if (options.now || size - signed >= checkpointEvery) await signIfPossible()
    },

    witness(note: string, publicKey: string) {
      context.assertWritable()
      const checkpoint = verifyCheckpoint(note, [readLogKey(publicKey)])
      if (!checkpoint)
        throw new MaestroError(
          'SIGNATURE_INVALID',
          readCheckpoint(note)
            ? 'The checkpoint was not signed by this key.'
            : 'This is no checkpoint of an audit log.',
          'maestro audit checkpoint prints one, with its key.',
        )
      const seen = rows.witnessed().filter(({ origin }) => origin === checkpoint.origin)
      const contradiction = seen.find(
        (each) =>
          each.publicKey.trim() !== publicKey.trim() ||
          (each.size === checkpoint.size && each.hash !== checkpoint.hash),
      )
      if (contradiction)
        throw new MaestroError(
          'AUDIT_BROKEN',
          `This log told something else on ${contradiction.receivedAt}: it was written anew, or has another key.`,
          'Keep both checkpoints, and ask whoever holds the log.',
          { origin: checkpoint.origin, size: contradiction.size },
        )
      const largest = seen.at(-1)
      if (largest && largest.size > checkpoint.size)
        throw new MaestroError(
          'AUDIT_BROKEN',
          `This log had ${largest.size} entries on ${largest.receivedAt}, and has ${checkpoint.size} now: its tail is missing, or the checkpoint is an old one.`,
          'Ask for the newest checkpoint.',
          { origin: checkpoint.origin },
        )
      rows.insertWitness({ ...checkpoint, note, publicKey, receivedAt: new Date().toISOString() })
      context.changed({ topic: 'audit', id: null })
      return checkpoint
    },

    witnesses: (): { witnesses: WitnessRow[] } => ({ witnesses: rows.witnessed() }),

    /**
     * Forgets the person's name and words, in the log and wherever nothing is signed over them. Commitments stay; without
     * their salts nobody can guess what they were. `kept` says what still has the name, and why.
     */
    erase(name: string, actor: Actor) {
      context.assertWritable()
      const pseudonym = identities.anonymise(name, actor)
      // After the transaction in which this very call was recorded, or the entry would bring the name back.
      const { erased, renamed } = context.database.transaction(() => ({
        erased: rows.erase(name),
        renamed: persons.rename(name, pseudonym),
      }))
      context.changed({ topic: 'audit', id: null })
      return { erased, renamed, pseudonym, kept: persons.remaining(name) }
    },
  }
}

export type AuditService = ReturnType<typeof createAuditService>

function columnThatDiffers({ entry, ...row }: EventRow): string | null {
  try {
    const { time, action, outcome, sequence } = JSON.parse(entry) as AuditEntry
    if (sequence !== row.sequence) return 'sequence'
    if (time !== row.time) return 'time'
    if (action !== row.action) return 'action'
    return outcome === row.outcome ? null : 'outcome'
  } catch {
    return 'entry'
  }
}

function toView({ entry, hash }: EventRow, disclosures: readonly Disclosure[]): AuditEventView {
  const { sequence, time, action, outcome, role, code, details, hidden } = JSON.parse(entry) as AuditEntry
  const clear = new Map(disclosures.flatMap((each) => (each.sequence === sequence ? [[each.field, each.value]] : [])))
  const words = Object.keys(hidden).filter((field) => field !== 'actor')
  return {
    sequence,
    time,
    action,
    outcome,
    actor: clear.get('actor') ?? null,
    role,
    code: code ?? null,
    details,
    hidden: Object.fromEntries(words.map((field) => [field, clear.get(field) ?? null])),
    hash,
  }
}
