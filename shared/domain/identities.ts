import * as z from 'zod'
import { roles } from './permissions.ts'
import { digest, id, name, timestamp } from './values.ts'

/** Where the private half of a key is: in the system's keychain, or encrypted under a passphrase in the workspace. */
export const keyStore = z.enum(['keychain', 'passphrase'])

export const passphrase = z
  .string()
  .min(12, 'a passphrase has at least 12 characters')
  .max(1000, 'a passphrase has at most 1,000 characters')

export const personKey = z.object({
  fingerprint: digest,
  /** PEM. */
  publicKey: z.string(),
  store: keyStore,
  createdAt: timestamp,
  /** Signatures from this moment on do not count. */
  revokedAt: timestamp.nullable(),
})

export const identity = z.object({
  id,
  name: z.string(),
  role: z.enum(roles),
  isOwner: z.boolean(),
  createdAt: timestamp,
  revokedAt: timestamp.nullable(),
  revokedReason: z.string(),
  /** Of the key that signs now; null where all are revoked. */
  publicKey: z.string().nullable(),
  fingerprint: digest.nullable(),
  /** Newest first. */
  keys: z.array(personKey),
})

/** How a new key is to be kept; the passphrase is asked for where no keychain keeps it. */
export const keep = z
  .object({ store: keyStore.default('keychain'), passphrase: passphrase.optional() })
  .refine(({ store, passphrase: given }) => store === 'keychain' || given !== undefined, 'a passphrase is missing')

export const newIdentity = z.object({ name, role: z.enum(roles), keep: keep.prefault({}) })

export type Identity = z.infer<typeof identity>
export type PersonKey = z.infer<typeof personKey>
export type Keep = z.infer<typeof keep>
export type NewIdentity = z.infer<typeof newIdentity>
