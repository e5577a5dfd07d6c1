import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { MaestroError } from '../../../shared/errors.ts'
import { signModel } from '../../trust/model-signing/sign-model.ts'
import type { ModelVerification } from '../../trust/model-signing/verify-model.ts'
import { verifyModel } from '../../trust/model-signing/verify-model.ts'
import { readPublicKey } from '../../trust/signing-keys.ts'
import type { IdentitiesService } from '../identities/identities-service.ts'
import type { Actor } from '../service-context.ts'

/** Signatures over folders of this machine, by OpenSSF Model Signing. */
export function createSignaturesService(identities: IdentitiesService) {
  return {
    /** Writes the bundle to `out`, which may lie in the folder. */
    async sign(folder: string, out: string, actor: Actor) {
      const [root, path] = [resolve(folder), resolve(out)]
      if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw missing(root, 'folder')
      const signer = await identities.signer(actor)
      const { bundle, files, digest } = await signModel(root, basename(root), signer, path)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bundle)
      return { out: path, files, digest, fingerprint: signer.fingerprint }
    },

    /** `publicKey` is PEM. What is wrong is a finding; only what is not there is an error. */
    verify: verifyFolder,
  }
}

export type SignaturesService = ReturnType<typeof createSignaturesService>

/** Verifies a folder, or one file, against a bundle, with a public key in PEM; needs no workspace. */
export async function verifyFolder(bundle: string, folder: string, publicKey: string): Promise<ModelVerification> {
  const [path, root] = [resolve(bundle), resolve(folder)]
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw missing(path, 'bundle')
  if (!statSync(root, { throwIfNoEntry: false })) throw missing(root, 'folder')
  const trust = { kind: 'key', publicKey: readPublicKey(publicKey) } as const
  return verifyModel(readFileSync(path), root, trust, { bundlePath: path })
}

function missing(path: string, what: string): MaestroError {
  return new MaestroError('FILE_NOT_FOUND', `There is no ${what} ${path}.`, 'Look at the path.', { path })
}
