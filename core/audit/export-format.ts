import { createPublicKey } from 'node:crypto'
import * as z from 'zod'
import { MaestroError } from '../../shared/errors.ts'
import { canonicalJson } from '../trust/canonical-json.ts'
import type { Disclosure, ReadLog } from './verify-log.ts'

const format = 'maestro-audit/1'

const headerSchema = z.object({ format: z.literal(format), origin: z.string(), keys: z.array(z.string()) })
const disclosureSchema = z.object({ sequence: z.int(), field: z.string(), salt: z.string(), value: z.string() })
const otherSchema = z.union([
  z.strictObject({ checkpoint: z.string() }),
  z.strictObject({ disclosure: disclosureSchema }),
])

/** A log in a file, and the keys (PEM) that it says it is signed with. */
export interface ExportedLog extends ReadLog {
  readonly keys: readonly string[]
}

/**
 * A log as lines of canonical JSON: a header, the entries as they are stored, then `{"checkpoint"}` and `{"disclosure"}`
 * lines. Each line but the header may be verified without the program that wrote it.
 */
export function* writeExport(log: ExportedLog): Generator<string> {
  yield `${canonicalJson({ format, origin: log.origin, keys: log.keys })}\n`
  for (const entry of log.entries) yield `${entry}\n`
  for (const checkpoint of log.checkpoints) yield `${canonicalJson({ checkpoint })}\n`
  for (const { sequence, field, salt, value } of log.disclosures)
    yield `${canonicalJson({ disclosure: { sequence, field, salt, value } })}\n`
}

/** Takes an export apart. Throws AUDIT_BROKEN for what is none; faults of entries are the verifier's to find. */
export function readExport(content: string): ExportedLog {
  if (!content.endsWith('\n')) throw notAnExport('its last line is cut')
  const lines = content.slice(0, -1).split('\n')
  const header = headerSchema.safeParse(parse(lines[0] ?? ''))
  if (!header.success) throw notAnExport('its first line does not say what it is')
  // What comes after the entries begins otherwise than any entry, whose first key is "action".
  const firstOther = lines.findIndex((line, at) => at > 0 && /^\{"(checkpoint|disclosure)"/.test(line))
  const end = firstOther < 0 ? lines.length : firstOther
  const checkpoints: string[] = []
  const disclosures: Disclosure[] = []
  for (const line of lines.slice(end)) {
    const other = otherSchema.safeParse(parse(line))
    if (!other.success) throw notAnExport('after its entries it has a line that is no checkpoint and no disclosure')
    if ('checkpoint' in other.data) checkpoints.push(other.data.checkpoint)
    else disclosures.push(other.data.disclosure)
  }
  return { ...header.data, entries: lines.slice(1, end), checkpoints, disclosures }
}

/** Reads an Ed25519 public key in PEM; throws INPUT_INVALID. */
export function readLogKey(pem: string) {
  try {
    if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) throw new TypeError('no public key')
    const key = createPublicKey({ key: pem, format: 'pem' })
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('another kind of key')
    return key
  } catch {
    throw new MaestroError(
      'INPUT_INVALID',
      'This is not the public key of an audit log.',
      'Give a PEM file with an Ed25519 public key, as maestro audit checkpoint prints it.',
    )
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function notAnExport(why: string): MaestroError {
  return new MaestroError(
    'AUDIT_BROKEN',
    `The file is not a whole export of an audit log: ${why}.`,
    'maestro audit export writes one.',
  )
}
