import type { KeyObject } from 'node:crypto'
import * as z from 'zod'
import { MaestroError } from '../../shared/errors.ts'
import { canonicalJson } from '../trust/canonical-json.ts'
import { verifyCheckpoint } from './checkpoint.ts'
import { hashOf } from './entry.ts'
import { buildMerkleTree, rootOfProof } from './merkle-tree.ts'
import { verifyTree } from './tree-note.ts'
import type { Disclosure, Verification } from './verify-log.ts'
import { entryFault } from './verify-log.ts'

const format = 'maestro-audit-slice/1'
const hash = z.string().regex(/^[0-9a-f]{64}$/)

const sliceSchema = z.strictObject({
  format: z.literal(format),
  origin: z.string().regex(/^[!-~]{1,200}$/),
  /** Entries of the whole log at that moment. */
  size: z.int().min(0),
  /** Of the Merkle tree over all of them. */
  root: hash,
  /** PEM. */
  keys: z.array(z.string().max(2_000)).max(50),
  /** Signed notes: of the tree, and the last checkpoint of the chain. Null where the log has no key that can sign. */
  tree: z.string().max(10_000).nullable(),
  checkpoint: z.string().max(10_000).nullable(),
  entries: z.array(z.strictObject({ text: z.string(), proof: z.array(hash).max(64) })),
  disclosures: z.array(z.strictObject({ sequence: z.int(), field: z.string(), salt: z.string(), value: z.string() })),
})

/** Some entries of a log, each with the proof that it is one of them, and what was signed of the whole. */
export type AuditSlice = z.infer<typeof sliceSchema>

/** What a log has to say before a slice of it can be cut. */
export interface SliceSource {
  readonly origin: string
  readonly keys: readonly string[]
  /** Texts of all entries, in order. */
  readonly entries: Iterable<string>
  readonly checkpoint: string | null
  disclosuresOf(sequences: readonly number[]): readonly Disclosure[]
  /** Signs the tree; null where it cannot be signed. */
  signTree(tree: { readonly size: number; readonly root: Buffer; readonly head: string }): Promise<string | null>
}

/** Cuts the entries out of a log for which `isWanted` holds. What the others say is not in it, nor can be found from it. */
export async function cutSlice(
  source: SliceSource,
  isWanted: (text: string, sequence: number) => boolean,
): Promise<AuditSlice> {
  const wanted: { readonly text: string; readonly index: number }[] = []
  let last = ''
  let size = 0
  function* watched(): Generator<string> {
    for (const text of source.entries) {
      if (isWanted(text, size + 1)) wanted.push({ text, index: size })
      last = text
      size++
      yield text
    }
  }
  const tree = buildMerkleTree(watched())
  return {
    format,
    origin: source.origin,
    size: tree.size,
    root: tree.root.toString('hex'),
    keys: [...source.keys],
    tree: size === 0 ? null : await source.signTree({ size: tree.size, root: tree.root, head: hashOf(last) }),
    checkpoint: source.checkpoint,
    entries: wanted.map(({ text, index }) => ({
      text,
      proof: tree.proof(index).map((beside) => beside.toString('hex')),
    })),
    disclosures: source
      .disclosuresOf(wanted.map(({ index }) => index + 1))
      .map(({ sequence, field, salt, value }) => ({ sequence, field, salt, value })),
  }
}

/** Canonical JSON with an end of line: the same slice gives the same bytes. */
export function writeSlice(slice: AuditSlice): string {
  return `${canonicalJson(slice)}\n`
}

/** Whether a file says of itself that it is a slice. */
export function isSlice(content: string): boolean {
  try {
    return (JSON.parse(content) as { format?: unknown } | null)?.format === format
  } catch {
    return false
  }
}

/** Takes a slice apart. Throws AUDIT_BROKEN for what is none; what it says is the verifier's to judge. */
export function readSlice(content: string): AuditSlice {
  try {
    return sliceSchema.parse(JSON.parse(content))
  } catch {
    throw new MaestroError(
      'AUDIT_BROKEN',
      'The file is not a whole slice of an audit log.',
      'Ask for it again: maestro models evidence writes one into its file.',
    )
  }
}

/**
 * Verifies a slice with public keys alone: each entry is canonical, later than the one before, in the tree whose root was
 * signed, and what is disclosed of it is what was committed to. It cannot show that no entry was left out: only the whole
 * log does. `mustBeSigned` refuses a slice whose tree nobody signed.
 */
export function verifySlice(
  slice: AuditSlice,
  trust: { readonly keys: readonly KeyObject[]; readonly mustBeSigned?: boolean },
): Verification {
  const firstBad = sliceFault(slice, trust)
  const checkpoint = slice.checkpoint === null ? null : verifyCheckpoint(slice.checkpoint, trust.keys)
  const findings = [
    `${slice.entries.length} of the ${slice.size} entries that the log had are here; the whole log shows whether one was left out.`,
    ...(slice.tree === null
      ? ['Nobody signed what the log was: it is only as good as the signature around the file.']
      : []),
  ]
  return {
    ok: firstBad === null,
    entries: slice.entries.length,
    firstBad,
    lastCheckpoint: checkpoint,
    findings,
  }
}

type Bad = NonNullable<Verification['firstBad']>

function sliceFault(slice: AuditSlice, trust: Parameters<typeof verifySlice>[1]): Bad | null {
  const ofEntries = entriesFault(slice)
  if (ofEntries !== null) return ofEntries
  const whole = (reason: string): Bad => ({ sequence: 0, reason })
  if (slice.tree === null) {
    return trust.mustBeSigned ? whole('nobody signed what the log was') : null
  }
  const tree = verifyTree(slice.tree, slice.origin, trust.keys)
  if (!tree) return whole('what the log was is not signed by a key that is trusted')
  if (tree.size !== slice.size || tree.root.toString('hex') !== slice.root) {
    return whole('another log was signed than the one that the entries are of')
  }
  if (slice.checkpoint === null) return null
  const checkpoint = verifyCheckpoint(slice.checkpoint, trust.keys)
  if (checkpoint?.origin !== slice.origin) return whole('its checkpoint is not signed by a key that is trusted')
  if (checkpoint.size > slice.size) return whole('its checkpoint is of a longer log')
  if (checkpoint.size === slice.size && checkpoint.hash !== tree.head) return whole('its checkpoint is of another log')
  const own = slice.entries.find(({ text }) => sequenceOf(text) === checkpoint.size)
  return own && hashOf(own.text) !== checkpoint.hash
    ? { sequence: checkpoint.size, reason: 'a checkpoint has another hash for it: the log was written anew' }
    : null
}

function entriesFault(slice: AuditSlice): Bad | null {
  const known = new Set<number>()
  let before = 0
  let previous: string | null = null
  for (const { text, proof } of slice.entries) {
    const sequence = sequenceOf(text)
    if (sequence === null) return { sequence: before + 1, reason: 'it is not JSON with a number' }
    if (sequence <= before) return { sequence, reason: `it stands after entry ${before}` }
    // Where the one before is here too, the chain between them has to hold.
    const follows = sequence === before + 1 ? previous : null
    const disclosures = slice.disclosures.filter((each) => each.sequence === sequence)
    const fault = entryFault(text, { sequence, previous: follows }, disclosures)
    if (fault !== null) return { sequence, reason: fault }
    const beside = proof.map((each) => Buffer.from(each, 'hex'))
    if (rootOfProof(text, sequence - 1, slice.size, beside)?.toString('hex') !== slice.root) {
      return { sequence, reason: 'it is not an entry of the log: its proof does not lead to the root' }
    }
    known.add(sequence)
    before = sequence
    previous = hashOf(text)
  }
  const beyond = slice.disclosures.find(({ sequence }) => !known.has(sequence))
  return beyond ? { sequence: beyond.sequence, reason: 'something is disclosed of an entry that is not here' } : null
}

function sequenceOf(text: string): number | null {
  try {
    const { sequence } = JSON.parse(text) as { sequence?: unknown }
    return typeof sequence === 'number' && Number.isInteger(sequence) ? sequence : null
  } catch {
    return null
  }
}
