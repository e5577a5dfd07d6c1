import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openEnvelope, preAuthenticationEncoding, readEnvelope, signEnvelope } from '../../../../core/trust/dsse.ts'
import { inTotoPayloadType, readStatement, writeStatement } from '../../../../core/trust/in-toto.ts'
import {
  exportPrivateKey,
  fingerprintOf,
  generateSigningKey,
  importPrivateKey,
  publicKeyPem,
  readPublicKey,
  signingIdentity,
  verifySignature,
} from '../../../../core/trust/signing-keys.ts'
import { MaestroError } from '../../../../shared/errors.ts'
import { fc } from '../../../fixtures/properties.ts'

const privateKey = generateSigningKey()
const signer = signingIdentity(privateKey)
const other = signingIdentity(generateSigningKey())
const type = 'application/vnd.test'

describe('envelopes', () => {
  test('sign what the specification of DSSE shows', () => {
    expect(preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    )
    expect(preAuthenticationEncoding('é', Buffer.from('ü')).toString()).toBe('DSSEv1 2 é 2 ü')
  })

  test('give back what was signed, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        const envelope = readEnvelope(JSON.stringify(signEnvelope(signer, type, content)))
        expect(openEnvelope(envelope, type, signer.publicKey)).toEqual(Buffer.from(content))
      }),
      { numRuns: 50, seed: 1 },
    )
  })

  const good = signEnvelope(signer, type, Buffer.from('content'))
  const [signature = { keyid: '', sig: '' }] = good.signatures
  test.each([
    ['another key', signEnvelope(other, type, Buffer.from('content'))],
    ['another content', { ...good, payload: Buffer.from('kontent').toString('base64') }],
    ['another type', { ...good, payloadType: `${type}2` }],
    ['another type, signed', signEnvelope(signer, `${type}2`, Buffer.from('content'))],
    ['no signature', { ...good, signatures: [] }],
    ['two signatures', { ...good, signatures: [signature, signature] }],
    ['a payload in another alphabet', { ...good, payload: `${good.payload.replace('=', '')}` }],
    ['a signature with a byte behind', withSignature(`${signature.sig.replace(/=*$/, '')}AAAA`)],
    ['an empty signature', withSignature('')],
    ['r = s = 0', withSignature(Buffer.from('3006020100020100', 'hex').toString('base64'))],
    ['an unknown field', { ...good, more: 1 }],
    ['an array', [good]],
    ['nothing', null],
  ])('refuse %s', (_, envelope) => {
    expect(() => openEnvelope(envelope, type, signer.publicKey)).toThrow(MaestroError)
  })

  function withSignature(sig: string) {
    return { ...good, signatures: [{ keyid: '', sig }] }
  }

  test('a key id of another key decides nothing', () => {
    const envelope = { ...good, signatures: [{ keyid: other.fingerprint, sig: signature.sig }] }
    expect(openEnvelope(envelope, type, signer.publicKey).toString()).toBe('content')
  })
})

describe('statements', () => {
  const statement = writeStatement([{ name: 'titanic/3', sha256: 'ab'.repeat(32) }], 'https://example/approval/v1', {
    decision: 'approve',
    reason: 'good',
  })

  test('are canonical, and read back', () => {
    expect(statement.toString()).toBe(
      `{"_type":"https://in-toto.io/Statement/v1","predicate":{"decision":"approve","reason":"good"},"predicateType":"https://example/approval/v1","subject":[{"digest":{"sha256":"${'ab'.repeat(32)}"},"name":"titanic/3"}]}`,
    )
    const envelope = signEnvelope(signer, inTotoPayloadType, statement)
    const read = readStatement(
      openEnvelope(envelope, inTotoPayloadType, signer.publicKey),
      'https://example/approval/v1',
    )
    expect(read.predicate).toEqual({ decision: 'approve', reason: 'good' })
    expect(read.subject).toEqual([{ name: 'titanic/3', digest: { sha256: 'ab'.repeat(32) } }])
  })

  test.each([
    ['another predicate', statement, 'https://example/rejection/v1', /is about/],
    ['no subject', Buffer.from(statement.toString().replace(/"subject":\[.*\]/, '"subject":[]')), undefined, /subject/],
    ['a short digest', Buffer.from(statement.toString().replace(/(ab)+/, 'ab')), undefined, /digest/],
    ['no JSON', Buffer.from('{'), undefined, /not JSON/],
    ['a key twice', Buffer.from(statement.toString().replace('{"_', '{"subject":[],"_')), undefined, /twice/],
  ])('refuse %s', (_, content, about, why) => {
    expect(() => readStatement(content, about ?? 'https://example/approval/v1')).toThrow(why)
  })
})

describe('keys', () => {
  test('are kept and read as PKCS #8 and PEM', () => {
    const again = signingIdentity(importPrivateKey(exportPrivateKey(privateKey)))
    expect(again.fingerprint).toBe(signer.fingerprint)
    const read = readPublicKey(publicKeyPem(signer.publicKey))
    expect(fingerprintOf(read)).toBe(signer.fingerprint)
    expect(verifySignature(read, Buffer.from('x'), again.sign(Buffer.from('x')))).toBe(true)
    expect(verifySignature(read, Buffer.from('y'), again.sign(Buffer.from('x')))).toBe(false)
  })

  test('on another curve are refused', () => {
    const { privateKey: ed25519 } = generateKeyPairSync('ed25519')
    expect(() => signingIdentity(ed25519)).toThrow(/P-256/)
    expect(() => verifySignature(createPublicKey(ed25519), Buffer.from('x'), Buffer.alloc(64))).toThrow(/P-256/)
  })

  test('a private key is not taken for a public one', () => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    expect(() => readPublicKey(pem)).toThrow(/not a public key/)
    expect(() => readPublicKey('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----')).toThrow(
      /not a public key/,
    )
  })
})
