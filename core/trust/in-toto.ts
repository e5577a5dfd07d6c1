import * as z from 'zod'
import { MaestroError } from '../../shared/errors.ts'
import type { CanonicalValue } from './canonical-json.ts'
import { canonicalJson } from './canonical-json.ts'
import { parseStrictJson } from './strict-json.ts'

/** https://github.com/in-toto/attestation, Statement v1: what is said about which content. */
export const statementType = 'https://in-toto.io/Statement/v1'
/** The type under which statements travel in an envelope. */
export const inTotoPayloadType = 'application/vnd.in-toto+json'

const statementSchema = z.object({
  _type: z.literal(statementType),
  subject: z
    .array(z.object({ name: z.string(), digest: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }) }))
    .min(1),
  predicateType: z.string().min(1),
  predicate: z.record(z.string(), z.unknown()),
})

export type Statement = z.infer<typeof statementSchema>

/** A statement in canonical JSON, ready to be signed. `sha256` is 64 hexadecimal digits, without a prefix. */
export function writeStatement(
  subjects: readonly { readonly name: string; readonly sha256: string }[],
  predicateType: string,
  predicate: { readonly [key: string]: CanonicalValue },
): Buffer {
  const statement = statementSchema.parse({
    _type: statementType,
    subject: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType,
    predicate,
  })
  return Buffer.from(canonicalJson(statement as unknown as CanonicalValue), 'utf8')
}

/** Reads a statement whose signature has been verified. Throws SIGNATURE_INVALID for other content or another type. */
export function readStatement(payload: Uint8Array, predicateType: string): Statement {
  let content: unknown
  try {
    content = parseStrictJson(payload)
  } catch (error) {
    throw notAStatement(`The signed content is not JSON: ${(error as Error).message}.`)
  }
  const parsed = statementSchema.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw notAStatement(`The signed content is no statement: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`)
  }
  if (parsed.data.predicateType !== predicateType)
    throw notAStatement(`The signed statement is about ${parsed.data.predicateType}, not ${predicateType}.`)
  return parsed.data
}

function notAStatement(message: string): MaestroError {
  return new MaestroError('SIGNATURE_INVALID', message, 'Ask whoever sent it to sign again.')
}
