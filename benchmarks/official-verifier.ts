import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { signModel } from '../core/trust/model-signing/sign-model.ts'
import { verifyModel } from '../core/trust/model-signing/verify-model.ts'
import { generateSigningKey, publicKeyPem, signingIdentity } from '../core/trust/signing-keys.ts'
import type { ModelTree } from '../tests/fixtures/model-trees.ts'
import { writeTree } from '../tests/fixtures/model-trees.ts'

/**
 * Whether the official verifier of OpenSSF Model Signing accepts bundles that we make, and refuses them once something was
 * changed, as ours does. Needs Python with model-signing: MAESTRO_PYTHON=… node benchmarks/official-verifier.ts. Writes
 * results/official-verifier.json, which has nothing of this machine in it.
 */
const python = process.env.MAESTRO_PYTHON ?? 'python3'
const root = mkdtempSync(join(tmpdir(), 'maestro-official-'))
const signer = signingIdentity(generateSigningKey())
const other = signingIdentity(generateSigningKey())

const trees: Readonly<Record<string, ModelTree>> = {
  'one file': { files: { 'model.onnx': { text: 'model' } } },
  'nested folders': { files: { 'a/b/c/d.bin': { text: 'x' }, 'a/b.txt': { text: 'y' }, 'a-b.txt': { text: 'z' } } },
  'an empty file': { files: { 'model.onnx': { text: '' }, 'readme.md': { text: 'nothing' } } },
  'names beyond ASCII': {
    files: { 'modèle.onnx': { text: 'x' }, '模型/权重.bin': { text: 'y' }, 'a b (1).txt': { text: 'z' } },
  },
  'names that sort otherwise by steps': {
    files: { 'a/b': { text: '1' }, 'a.txt': { text: '2' }, 'a b': { text: '3' }, 'A/b': { text: '4' } },
  },
  'files of git': { files: { 'model.onnx': { text: 'x' }, '.git/HEAD': { text: 'ref' }, '.gitignore': { text: '*' } } },
  'three megabytes': { files: { 'model.onnx': { byte: 7, count: 3 * 1024 * 1024 } } },
  'two hundred files': {
    files: Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`part-${at}.bin`, { text: String(at) }])),
  },
}

/** What is done to folder, bundle or key before both verify; the first leaves everything as it is. */
const changes: Readonly<Record<string, (place: { folder: string; bundle: string; file: string }) => void>> = {
  nothing: () => undefined,
  'a byte more in a file': ({ folder, file }) => appendFileSync(join(folder, file), '!'),
  'a file more': ({ folder }) => writeFileSync(join(folder, 'more.txt'), 'more'),
  'a file less': ({ folder, file }) => rmSync(join(folder, file)),
  'another name': ({ folder, file }) => renameSync(join(folder, file), join(folder, 'renamed.bin')),
  'another signature': ({ bundle }) => {
    const content = JSON.parse(readFileSync(bundle, 'utf8')) as { dsseEnvelope: { signatures: { sig: string }[] } }
    const [signature] = content.dsseEnvelope.signatures
    if (signature) signature.sig = other.sign(Buffer.from('something else')).toString('base64')
    writeFileSync(bundle, JSON.stringify(content))
  },
  'another payload': ({ bundle }) => {
    const content = JSON.parse(readFileSync(bundle, 'utf8')) as { dsseEnvelope: { payload: string } }
    const text = Buffer.from(content.dsseEnvelope.payload, 'base64')
      .toString()
      .replace(/[0-9a-f](?=[0-9a-f]{63}")/, '0')
    content.dsseEnvelope.payload = Buffer.from(`${text} `).toString('base64')
    writeFileSync(bundle, JSON.stringify(content))
  },
  'the key of somebody else': () => undefined,
}

const cases: { tree: string; change: string; folder: string; bundle: string; key: string; ours: boolean }[] = []
try {
  for (const [tree, content] of Object.entries(trees)) {
    for (const [change, apply] of Object.entries(changes)) {
      const name = `case-${cases.length}`
      const folder = join(root, name)
      writeTree(content, folder)
      const bundle = join(root, `${name}.sig`)
      writeFileSync(bundle, (await signModel(folder, name, signer, bundle)).bundle)
      apply({ folder, bundle, file: Object.keys(content.files ?? {})[0] ?? '' })
      const key = join(root, `${name}.pem`)
      const { publicKey } = change === 'the key of somebody else' ? other : signer
      writeFileSync(key, publicKeyPem(publicKey))
      const ours = await verifyModel(readFileSync(bundle), folder, { kind: 'key', publicKey })
      cases.push({ tree, change, folder, bundle, key, ours: ours.verified })
    }
  }
  const list = join(root, 'cases.json')
  writeFileSync(list, JSON.stringify(cases))
  const script = fileURLToPath(new URL('official-verifier.py', import.meta.url))
  const run = spawnSync(python, [script, list], { encoding: 'utf8', maxBuffer: 1e8 })
  if (run.status !== 0) throw new Error(run.stderr)
  const { version, verdicts } = JSON.parse(run.stdout) as {
    version: string
    verdicts: { accepted: boolean; said: string }[]
  }
  const rows = cases.map(({ tree, change, ours }, at) => ({
    tree,
    change,
    ours,
    official: verdicts[at]?.accepted ?? null,
  }))
  const result = {
    official: `model-signing ${version}`,
    cases: rows.length,
    untouchedAcceptedByBoth: rows.filter(({ change, ours, official }) => change === 'nothing' && ours && official)
      .length,
    changedAcceptedByOfficial: rows.filter(({ change, official }) => change !== 'nothing' && official).length,
    changedAcceptedByOurs: rows.filter(({ change, ours }) => change !== 'nothing' && ours).length,
    disagreements: rows.filter(({ ours, official }) => ours !== official),
    rows,
  }
  console.log({ ...result, rows: rows.length })
  writeFileSync(new URL('results/official-verifier.json', import.meta.url), `${JSON.stringify(result, null, 2)}\n`)
  if (result.untouchedAcceptedByBoth !== Object.keys(trees).length) {
    console.error(cases.flatMap(({ change, tree }, at) => (change === 'nothing' ? [[tree, verdicts[at]?.said]] : [])))
    process.exitCode = 1
  }
} finally {
  rmSync(root, { recursive: true })
}
