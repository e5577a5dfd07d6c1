import type { KeyObject } from 'node:crypto'
import type { Role } from '../../../shared/domain/permissions.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { CanonicalValue } from '../../trust/canonical-json.ts'
import { canonicalJson } from '../../trust/canonical-json.ts'
import type { Envelope } from '../../trust/dsse.ts'
import { openEnvelope, readEnvelope, signEnvelope } from '../../trust/dsse.ts'
import { inTotoPayloadType } from '../../trust/in-toto.ts'
import type { SigningIdentity } from '../../trust/signing-keys.ts'
import { fingerprintOf, publicKeyPem, readPublicKey } from '../../trust/signing-keys.ts'
import { parseStrictJson } from '../../trust/strict-json.ts'
import type { Actor } from '../service-context.ts'
import type { ApprovalPeople, AuditEvent, OpenedStatement } from './approval-people.ts'

/** What is asked of the people of the workspace. */
interface KnownPeople {
  /** The key of who acts. Throws where there is none at hand. */
  signer(actor: Actor): Promise<SigningIdentity>
  /** This moment, for asking whether a key is revoked. */
  now(): string
  /** Who holds a key, revoked ones too; null for a key that nobody here has. */
  knownKey(fingerprint: string): {
    readonly name: string
    readonly role: Role
    readonly publicKey: KeyObject
    readonly revokedAt: string | null
    readonly isErased: boolean
  } | null
}

/** Signs and verifies statements with the keys of the workspace's people. */
export function createApprovalPeople(known: KnownPeople, record: (event: AuditEvent) => void): ApprovalPeople {
  return {
    async sign(actor, statement) {
      const signer = await known.signer(actor)
      const { fingerprint, publicKey } = signer
      const text = canonicalJson(statement({ fingerprint, publicKey: publicKeyPem(publicKey) }) as CanonicalValue)
      return JSON.stringify(signEnvelope(signer, inTotoPayloadType, Buffer.from(text, 'utf8')))
    },
    open(text, at = known.now()) {
      const envelope = envelopeOf(text)
      const keyId = envelope?.signatures[0]?.keyid ?? ''
      const key = known.knownKey(keyId)
      const nobody = { person: 'unknown', role: 'viewer', fingerprint: keyId, statement: null } as const
      if (envelope === null) return { ...nobody, problem: 'it is no signed envelope' }
      if (key === null) return { ...nobody, problem: `the key ${keyId} is unknown here` }
      const { name, role, publicKey, revokedAt, isErased } = key
      const statement = verified(envelope, publicKey)
      const opened: Omit<OpenedStatement, 'problem'> = { person: name, isErased, role, fingerprint: keyId, statement }
      if (statement === null || fingerprintOf(publicKey) !== keyId) return { ...opened, problem: 'it is not good' }
      const isRevoked = revokedAt !== null && revokedAt <= at
      return { ...opened, problem: isRevoked ? `the key was revoked from ${revokedAt} on` : null }
    },
    openWith(text, publicKey) {
      const envelope = envelopeOf(text)
      if (envelope === null) return null
      try {
        return verified(envelope, readPublicKey(publicKey))
      } catch (error) {
        if (error instanceof MaestroError || error instanceof TypeError) return null
        throw error
      }
    },
    record,
  }
}

function envelopeOf(text: string): Envelope | null {
  try {
    return readEnvelope(text)
  } catch (error) {
    if (error instanceof MaestroError) return null
    throw error
  }
}

/** The statement in an envelope, or null where the key has not signed it. */
function verified(envelope: Envelope, publicKey: KeyObject): unknown {
  try {
    return parseStrictJson(openEnvelope(envelope, inTotoPayloadType, publicKey))
  } catch (error) {
    if (error instanceof MaestroError || error instanceof SyntaxError) return null
    throw error
  }
}
