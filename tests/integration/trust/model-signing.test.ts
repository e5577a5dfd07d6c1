import { createPublicKey, X509Certificate } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { SignerTrust } from '../../../core/trust/model-signing/bundle.ts'
import { signModel } from '../../../core/trust/model-signing/sign-model.ts'
import { verifyModel } from '../../../core/trust/model-signing/verify-model.ts'
import { generateSigningKey, readPublicKey, signingIdentity } from '../../../core/trust/signing-keys.ts'
import type { ModelTree } from '../../fixtures/model-trees.ts'
import { writeTree } from '../../fixtures/model-trees.ts'
import { seeded } from '../../fixtures/random-audit-log.ts'

const vectors = new URL('../../../../shared/reference/oms/', import.meta.url).pathname
const root = mkdtempSync(join(tmpdir(), 'maestro-oms-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Vector {
  readonly name: string
  readonly bundle: string
  readonly tree: string
  readonly verify: 'key' | 'certificate'
  readonly public_key?: string
  readonly certificates?: readonly string[]
  readonly single_file?: string
  readonly options?: readonly string[]
  readonly bundle_inside_model?: string
  readonly must: 'accept' | 'reject' | 'either'
}

function trustOf({ verify, public_key: key, certificates }: Vector): SignerTrust | null {
  if (verify === 'certificate')
    return {
      kind: 'certificate',
      trusted: (certificates ?? []).map((path) => new X509Certificate(readFileSync(join(vectors, path)))),
    }
  try {
    return { kind: 'key', publicKey: readPublicKey(readFileSync(join(vectors, key ?? ''), 'utf8')) }
  } catch {
    return null
  }
}

describe.skipIf(!existsSync(vectors))('vectors of OpenSSF Model Signing (where the reference is at hand)', () => {
  const { cases } = existsSync(vectors)
    ? (JSON.parse(readFileSync(join(vectors, 'cases.json'), 'utf8')) as { cases: Vector[] })
    : { cases: [] }

  test('are 117', () => {
    expect(cases).toHaveLength(117)
  })

  test.each(cases)('$name: $must', async (vector) => {
    const folder = join(root, vector.name)
    writeTree(JSON.parse(readFileSync(join(vectors, vector.tree), 'utf8')) as ModelTree, folder)
    const bundle = readFileSync(join(vectors, vector.bundle))
    const inside = vector.bundle_inside_model
    if (inside !== undefined) copyFileSync(join(vectors, vector.bundle), join(folder, inside))
    const trust = trustOf(vector)
    const options = {
      ignoreUnsigned: vector.options?.includes('--ignore_unsigned_files') ?? false,
      followLinks: vector.options?.includes('--allow_symlinks') ?? false,
      includeGit: vector.options?.includes('--no-ignore-git-paths') ?? false,
      ...(inside === undefined ? {} : { bundlePath: join(folder, inside) }),
    }
    const path = vector.single_file === undefined ? folder : join(folder, vector.single_file)
    const verify = () => (trust === null ? null : verifyModel(bundle, path, trust, options))
    const verdict = await verify()
    const said = verdict?.verified ? 'accept' : 'reject'
    if (vector.must === 'either') expect(await verify()).toEqual(verdict)
    else expect([said, verdict?.findings]).toEqual([vector.must, vector.must === 'accept' ? [] : verdict?.findings])
    // A refusal names its fault.
    if (verdict && !verdict.verified)
      expect(verdict.findings[0]).toMatchObject({ message: expect.stringMatching(/./) as string })
  })
})

describe('our own bundles', () => {
  const signer = signingIdentity(generateSigningKey())
  const trust: SignerTrust = { kind: 'key', publicKey: signer.publicKey }
  const folder = join(root, 'own')
  writeTree(
    {
      files: { 'a/b': { text: 'x' }, 'a-b.txt': { text: 'y' }, 'ä.txt': { text: '' }, '.git/HEAD': { text: 'z' } },
      folders: ['empty'],
    },
    folder,
  )

  test('verify, also from inside the folder, and list files by the steps of their paths', async () => {
    const out = join(folder, 'model.sig')
    const { bundle, files } = await signModel(folder, 'own', signer, out)
    expect(files).toBe(3)
    writeFileSync(out, bundle)
    expect(await verifyModel(Buffer.from(bundle), folder, trust, { bundlePath: out })).toEqual({
      verified: true,
      findings: [],
      files: 3,
    })
    const { payload } = (JSON.parse(bundle) as { dsseEnvelope: { payload: string } }).dsseEnvelope
    const names = [
      ...Buffer.from(payload, 'base64')
        .toString()
        .matchAll(/"name":"([^"]+)"/g),
    ].map(([, name]) => name)
    expect(names).toEqual(['a/b', 'a-b.txt', 'ä.txt', 'own'])
    rmSync(out)
    const stranger: SignerTrust = { kind: 'key', publicKey: createPublicKey(generateSigningKey()) }
    expect(await verifyModel(Buffer.from(bundle), folder, stranger)).toMatchObject({ verified: false })
  })

  test.skipIf(process.platform === 'win32')('are not made of names that no verifier may accept', async () => {
    const odd = join(root, 'odd names')
    writeTree({ files: { 'back\\slash': { text: 'x' } } }, odd)
    await expect(signModel(odd, 'odd', signer, null)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  test.skipIf(process.platform !== 'linux')('do not overlook a file whose name is no text', async () => {
    const odd = join(root, 'no text')
    writeTree({ files: { 'a\uFFFD': { text: 'x' } } }, odd)
    const { bundle } = await signModel(odd, 'odd', signer, null)
    expect(await verifyModel(Buffer.from(bundle), odd, trust)).toMatchObject({ verified: true })
    // Read as text, its name is that of the file above.
    writeFileSync(Buffer.concat([Buffer.from(join(odd, 'a')), Buffer.from([0xff])]), 'y')
    expect(await verifyModel(Buffer.from(bundle), odd, trust)).toMatchObject({ verified: false })
    await expect(signModel(odd, 'odd', signer, null)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  test('10,000 mutants: none is accepted, none makes it crash', async () => {
    const { bundle } = await signModel(folder, 'own', signer, null)
    const random = seeded(7)
    const below = (end: number) => Math.floor(random() * end)
    const values = ['', 'x', 0, -1, 1e308, null, true, [], {}, [[]], '../x', '\u0000']
    const mutateValue = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || random() < 0.2) return values[below(values.length)]
      const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
      const keys = Object.keys(copy)
      const key = keys[below(keys.length)]
      const fields = copy as Record<string, unknown>
      if (key === undefined || random() < 0.1) fields[`extra${below(9)}`] = values[below(values.length)]
      else if (random() < 0.2) delete fields[key]
      else fields[key] = mutateValue(fields[key])
      return copy
    }
    const mutateText = (text: string): Buffer => {
      const bytes = Buffer.from(text)
      const at = below(bytes.length)
      switch (below(5)) {
        case 0:
          bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8))
          return bytes
        case 1:
          return bytes.subarray(0, at)
        case 2:
          return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(20))])
        case 3:
          return Buffer.concat([bytes.subarray(0, at), bytes.subarray(below(bytes.length))])
        default:
          return Buffer.from(JSON.stringify(mutateValue(JSON.parse(text))))
      }
    }
    const same = meaning(bundle)
    let tried = 0
    const accepted: string[] = []
    while (tried < 10_000) {
      const mutant = mutateText(bundle)
      // Leaving out what may be absent says the same as before; anything else is another bundle.
      if (meaning(mutant.toString()) === same) continue
      tried += 1
      const verdict = await verifyModel(mutant, folder, trust)
      if (verdict.verified) accepted.push(mutant.toString())
    }
    expect(accepted).toEqual([])
  })
})

/** A bundle without what the format lets out: an absent hint, keyid or list of log entries decides nothing. */
function meaning(text: string): string | null {
  try {
    const bundle = JSON.parse(text) as {
      verificationMaterial: { publicKey: { hint?: unknown }; tlogEntries?: unknown }
      dsseEnvelope: { signatures: { keyid?: unknown }[] }
    }
    const { verificationMaterial: material, dsseEnvelope: envelope } = bundle
    if (Array.isArray(material.tlogEntries) && material.tlogEntries.length === 0) delete material.tlogEntries
    delete material.publicKey.hint
    for (const signature of envelope.signatures)
      if (signature.keyid === '' || signature.keyid === null) delete signature.keyid
    return JSON.stringify(bundle)
  } catch {
    return null
  }
}
