import { createHash } from 'node:crypto'
import { relative, resolve, sep } from 'node:path'
import { MaestroError } from '../../../shared/errors.ts'
import { canonicalJson } from '../canonical-json.ts'
import { signEnvelope } from '../dsse.ts'
import { inTotoPayloadType, statementType } from '../in-toto.ts'
import type { SigningIdentity } from '../signing-keys.ts'
import { bundleMediaType, hintOf } from './bundle.ts'
import { assertNormal, predicateType } from './manifest.ts'
import { digestOfRange, gitPaths, listModelFiles } from './model-folder.ts'
import { Refusal } from './refusal.ts'

export interface SignedModel {
  /** The bundle as JSON. */
  readonly bundle: string
  readonly files: number
  /** `sha256:<hex>` over the digests of all files. */
  readonly digest: string
}

/**
 * Signs every file of a folder by OpenSSF Model Signing 1.0: whole files, SHA-256, links refused, git's own files and the
 * bundle itself (`bundlePath`) left out. Throws INPUT_INVALID for a folder that cannot be signed.
 */
export async function signModel(
  folder: string,
  name: string,
  signer: SigningIdentity,
  bundlePath: string | null,
): Promise<SignedModel> {
  const root = resolve(folder)
  const own = bundlePath === null ? '' : relative(root, resolve(bundlePath)).split(sep).join('/')
  const isInside = own !== '' && !own.startsWith('../') && !own.includes(':')
  const ignored = [...gitPaths, ...(isInside ? [own] : [])]
  try {
    const files = listModelFiles(root, { followLinks: false, isIgnored: (path) => ignored.includes(path) })
    if (files.length === 0) throw new Refusal('EMPTY', 'there is no file to sign')
    const hash = createHash('sha256')
    const resources = []
    for (const { path, absolute, bytes } of files) {
      // Nobody could verify a bundle with another name, we neither.
      assertNormal(path)
      const digest = await digestOfRange(absolute, 0, bytes)
      hash.update(digest, 'hex')
      resources.push({ algorithm: 'sha256', digest, name: path })
    }
    const sha256 = hash.digest('hex')
    const statement = canonicalJson({
      _type: statementType,
      subject: [{ name, digest: { sha256 } }],
      predicateType,
      predicate: {
        serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ignored },
        resources,
      },
    })
    const envelope = signEnvelope(signer, inTotoPayloadType, Buffer.from(statement, 'utf8'))
    const bundle = canonicalJson({
      mediaType: bundleMediaType,
      verificationMaterial: { publicKey: { hint: hintOf(signer.publicKey) }, tlogEntries: [] },
      dsseEnvelope: {
        ...envelope,
        // Model Signing names the key in the material; an id here would say it twice.
        signatures: envelope.signatures.map(({ sig }) => ({ sig, keyid: '' })),
      },
    })
    return { bundle, files: files.length, digest: `sha256:${sha256}` }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new MaestroError(
      'INPUT_INVALID',
      `The folder cannot be signed: ${error.message}${error.where === null ? '' : ` (${error.where})`}.`,
      'Sign a folder that holds files only, without links.',
      { code: error.code, where: error.where },
    )
  }
}
