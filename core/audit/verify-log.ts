import type { KeyObject } from 'node:crypto'
import type { CanonicalValue } from '../trust/canonical-json.ts'
import { canonicalJson } from '../trust/canonical-json.ts'
import type { Checkpoint } from './checkpoint.ts'
import { verifyCheckpoint } from './checkpoint.ts'
import type { AuditEntry } from './entry.ts'
import { beforeFirst, commitment, hashOf } from './entry.ts'

export interface Disclosure {
  readonly sequence: number
  readonly field: string
  readonly salt: string
  readonly value: string
}

/** A log as it was read from wherever it lay; nothing in it is believed. */
export interface ReadLog {
  readonly origin: string
  /** Texts of entries, in order. */
  readonly entries: Iterable<string>
  /** Signed notes. */
  readonly checkpoints: readonly string[]
  readonly disclosures: Iterable<Disclosure>
}

export interface Verification {
  readonly ok: boolean
  readonly entries: number
  /** The first entry that is not as it was written, and why. Sequence 0: the log as a whole. */
  readonly firstBad: { readonly sequence: number; readonly reason: string } | null
  readonly lastCheckpoint: Checkpoint | null
  /** In words, what was found beside. */
  readonly findings: readonly string[]
}

export interface Trust {
  /** Keys of which one has to have signed each checkpoint. */
  readonly keys: readonly KeyObject[]
  /** Signed notes that were kept elsewhere: the log has to be a continuation of them. */
  readonly witnesses?: readonly string[]
  /** Whether a log without any checkpoint is refused: true where keys were given by who verifies. */
  readonly mustBeSigned?: boolean
}

type Bad = { readonly sequence: number; readonly reason: string }

/**
 * Verifies a log with public keys alone: that each entry is canonical, in order, and repeats the hash of the one before;
 * that each checkpoint, those kept by witnesses included, is signed and has the hash of its entry; and that what was
 * disclosed is what was committed to. The first bad entry is named.
 */
export function verifyLog(log: ReadLog, trust: Trust): Verification {
  const notes = [
    ...log.checkpoints.map((note) => ({ note, isWitness: false })),
    ...(trust.witnesses ?? []).map((note) => ({ note, isWitness: true })),
  ].map(({ note, isWitness }) => ({ isWitness, checkpoint: verifyCheckpoint(note, trust.keys) }))
  const sizes = new Set(notes.map(({ checkpoint }) => checkpoint?.size))
  const disclosures = groupBySequence(log.disclosures)
  const hashes = new Map<number, string>()
  let previous = beforeFirst
  let count = 0
  let bad: Bad | null = null
  for (const text of log.entries) {
    const sequence = count + 1
    const reason = entryFault(text, { sequence, previous }, disclosures.get(sequence))
    if (reason !== null) {
      bad = { sequence, reason }
      break
    }
    previous = hashOf(text)
    count = sequence
    if (sizes.has(count)) hashes.set(count, previous)
  }
  bad ??= disclosureBeyond(disclosures, count)
  const signed = notes.flatMap(({ checkpoint }) => checkpoint ?? []).sort((a, b) => a.size - b.size)
  bad = firstOf(bad, ...notes.map((each) => checkpointFault(each, log.origin, hashes, count, bad)))
  if (bad === null && trust.mustBeSigned && count > 0 && signed.length === 0)
    bad = { sequence: 0, reason: 'no checkpoint says what the log was: it has no signature' }
  const own = notes.flatMap(({ checkpoint, isWitness }) => (checkpoint && !isWitness ? [checkpoint] : []))
  const lastCheckpoint = own.reduce<Checkpoint | null>(
    (best, each) => (each.size > (best?.size ?? -1) ? each : best),
    null,
  )
  return { ok: bad === null, entries: count, firstBad: bad, lastCheckpoint, findings: remarks(signed, count) }
}

/**
 * Why an entry is not as it was written at its place; null where it is. `previous` is the hash of the one before, null
 * where that one is not at hand.
 */
export function entryFault(
  text: string,
  { sequence, previous }: { readonly sequence: number; readonly previous: string | null },
  disclosures: readonly Disclosure[] | undefined,
): string | null {
  let entry: Partial<AuditEntry> | null
  try {
    entry = JSON.parse(text) as Partial<AuditEntry> | null
    if (!isCanonical(entry, text)) return 'it is not canonical JSON'
  } catch {
    return 'it is not JSON'
  }
  if (entry?.sequence !== sequence) return `it says that it is entry ${String(entry?.sequence)}`
  if (previous !== null && entry.previous !== previous) return 'it does not follow the entry before it'
  for (const { field, salt, value } of disclosures ?? []) {
    if (!entry.hidden || !Object.hasOwn(entry.hidden, field)) return `it has no field "${field}" to disclose`
    if (entry.hidden[field] !== commitment(salt, value))
      return `what is disclosed as "${field}" is not what was written`
  }
  return null
}

/** By the definition, or, where no text needs thought, by what the engine writes itself, which is four times as quick. */
function isCanonical(value: unknown, text: string): boolean {
  if (!text.includes('\\u') && JSON.stringify(value) === text && hasSortedKeys(value)) return true
  return canonicalJson(value as CanonicalValue) === text
}

function hasSortedKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  let last: string | null = null
  const isList = Array.isArray(value)
  for (const key in value) {
    if (!isList && last !== null && key <= last) return false
    last = key
    if (!hasSortedKeys((value as Record<string, unknown>)[key])) return false
  }
  return true
}

function groupBySequence(disclosures: Iterable<Disclosure>): Map<number, Disclosure[]> {
  const groups = new Map<number, Disclosure[]>()
  for (const disclosure of disclosures) {
    const group = groups.get(disclosure.sequence)
    if (group) group.push(disclosure)
    else groups.set(disclosure.sequence, [disclosure])
  }
  return groups
}

function disclosureBeyond(disclosures: ReadonlyMap<number, unknown>, count: number): Bad | null {
  const beyond = [...disclosures.keys()]
    .filter((sequence) => !(sequence >= 1 && sequence <= count))
    .sort((a, b) => a - b)
  return beyond[0] === undefined
    ? null
    : { sequence: count + 1, reason: 'something is disclosed of an entry that is not there' }
}

function checkpointFault(
  { checkpoint, isWitness }: { readonly checkpoint: Checkpoint | null; readonly isWitness: boolean },
  origin: string,
  hashes: ReadonlyMap<number, string>,
  count: number,
  bad: Bad | null,
): Bad | null {
  const whose = isWitness ? 'a checkpoint kept by a witness' : 'a checkpoint'
  if (!checkpoint) return { sequence: 0, reason: `${whose} is not signed by a key that is trusted` }
  if (checkpoint.origin !== origin) return { sequence: 0, reason: `${whose} is of another log (${checkpoint.origin})` }
  // Entries after a bad one were not looked at; the bad one is the answer.
  if (checkpoint.size > count)
    return (
      bad ?? {
        sequence: count + 1,
        reason: `${whose} says that there were ${checkpoint.size} entries: the tail is missing`,
      }
    )
  if (checkpoint.size === 0 || hashes.get(checkpoint.size) === checkpoint.hash) return null
  return { sequence: checkpoint.size, reason: `${whose} has another hash for it: the log was written anew` }
}

/** The lowest entry is named; a fault of the whole log only where no entry is at fault. */
function firstOf(...faults: readonly (Bad | null)[]): Bad | null {
  const found = faults.filter((fault) => fault !== null)
  const ofEntries = found.filter(({ sequence }) => sequence > 0).sort((a, b) => a.sequence - b.sequence)
  return ofEntries[0] ?? found[0] ?? null
}

function remarks(signed: readonly Checkpoint[], count: number): string[] {
  const last = signed.at(-1)
  if (!last)
    return count === 0 ? [] : ['No checkpoint was signed: whoever holds the file could have written all of it anew.']
  return last.size < count
    ? [
        `The last ${count - last.size} entries are after the last checkpoint: nothing shows yet that none was taken away.`,
      ]
    : []
}
