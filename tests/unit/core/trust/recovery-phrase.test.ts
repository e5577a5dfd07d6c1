import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readRecoveryPhrase, writeRecoveryPhrase } from '../../../../core/trust/recovery-phrase.ts'
import { fingerprintOf, generateSigningKey, signingIdentity } from '../../../../core/trust/signing-keys.ts'

const fingerprint = (phrase: string) => signingIdentity(readRecoveryPhrase(phrase)).fingerprint

test('a key comes back from its phrase, however it was typed', () => {
  for (let round = 0; round < 50; round++) {
    const key = generateSigningKey()
    const phrase = writeRecoveryPhrase(key)
    expect(phrase).toMatch(/^([0-9A-HJKMNP-TV-Z]{4} ){15}[0-9A-HJKMNP-TV-Z]{4}$/)
    const own = fingerprintOf(createPublicKey(key))
    for (const typed of [
      phrase,
      phrase.toLowerCase(),
      phrase.replaceAll(' ', '-'),
      ` ${phrase.replaceAll(' ', '\n')} `,
      phrase.replaceAll('0', 'O').replaceAll('1', 'l'),
    ])
      expect(fingerprint(typed)).toBe(own)
  }
})

/** Written down by hand from the definition: scalar 1, whose public key is the generator of the curve. */
test('the phrase of a known key is the one that the definition gives', () => {
  const d = Buffer.alloc(32)
  d[31] = 1
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: d.toString('base64url'),
      x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
      y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    },
  })
  const phrase = writeRecoveryPhrase(key)
  expect(phrase.startsWith('0400 0000 0000')).toBe(true)
  // Bytes 0x01, 31 zeros, 0x01: the last byte of the scalar ends in the 53rd sign.
  expect(phrase.replaceAll(' ', '').slice(0, 52)).toBe(`04${'0'.repeat(50)}`)
  expect(fingerprint(phrase)).toBe(fingerprintOf(createPublicKey(key)))
})

test('no single wrong sign, and no two neighbours exchanged, are taken', () => {
  const phrase = writeRecoveryPhrase(generateSigningKey()).replaceAll(' ', '')
  for (let at = 0; at < phrase.length; at++) {
    const other = phrase[at] === 'A' ? 'B' : 'A'
    expect(() => readRecoveryPhrase(phrase.slice(0, at) + other + phrase.slice(at + 1))).toThrow(/a sign is wrong/)
    const [first = '', second = ''] = phrase.slice(at, at + 2)
    if (first === second || second === '') continue
    expect(() => readRecoveryPhrase(phrase.slice(0, at) + second + first + phrase.slice(at + 2))).toThrow(/exchanged/)
  }
})

test('what is no phrase is said to be none, and why', () => {
  expect(() => readRecoveryPhrase('')).toThrow(/it has 0 signs/)
  expect(() => readRecoveryPhrase('AAAA AAUA')).toThrow(/"U" in group 2/)
  expect(() => readRecoveryPhrase('0'.repeat(64))).toThrow(/a sign is wrong/)
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  expect(() => writeRecoveryPhrase(ed25519)).toThrow(/P-256/)
})
