import * as z from 'zod'
import { identity, keep, newIdentity } from '../domain/identities.ts'
import { roles } from '../domain/permissions.ts'
import { digest, name, timestamp } from '../domain/values.ts'
import { command, query } from './base.ts'

export const identitiesContract = {
  identities: {
    /** Everybody, those whose identity was revoked too, by name. */
    list: query('identities:read', '/identities').output(z.object({ identities: z.array(identity) })),
    /** A person with a new key. Nobody makes somebody with more rights than their own. */
    create: command('identities:manage', '/identities').input(newIdentity).output(z.object({ identity })),
    /** Somebody who signs in another workspace, by the public key (PEM). */
    add: command('identities:manage', '/identities/add')
      .input(z.object({ name, role: z.enum(roles), publicKey: z.string().min(1).max(2_000) }))
      .output(z.object({ identity })),
    /** Ends an identity and its keys from a moment on (default: now); what was signed before stands. */
    revoke: command('identities:manage', '/identities/revoke')
      .input(
        z.object({ name: z.string().min(1), reason: z.string().max(2000).default(''), from: timestamp.optional() }),
      )
      .output(z.object({ identity })),
  },
  keys: {
    /** Who asks, with their keys; the owner before the first key is told what to do (KEY_MISSING). */
    show: query('keys:use', '/keys').output(z.object({ identity })),
    /** The first key of the workspace's owner. */
    create: command('keys:use', '/keys').input(keep).output(z.object({ identity })),
    /** A new key for who asks; the one before still verifies what it signed, and signs no more. */
    rotate: command('keys:use', '/keys/rotate').input(keep).output(z.object({ identity })),
    /** Ends all keys of who asks from a moment on (default: now); what was signed before stands. */
    revoke: command('keys:use', '/keys/revoke')
      .input(z.object({ from: timestamp.optional() }).prefault({}))
      .output(z.object({ identity })),
    /** The private key of who asks as 16 groups of four signs, to be written down and kept away from the machine. */
    recovery: command('keys:use', '/keys/recovery')
      .input(z.object({ passphrase: z.string().max(1000).optional() }).prefault({}))
      .output(z.object({ phrase: z.string(), fingerprint: digest })),
    /** Takes a key back from its recovery phrase, on this machine or another one. */
    restore: command('keys:use', '/keys/restore')
      .input(z.object({ phrase: z.string().max(1000), keep: keep.prefault({}) }))
      .output(z.object({ identity })),
    /** Opens a key that is kept under a passphrase, until the workspace is closed or a quarter of an hour has passed. */
    unlock: command('keys:use', '/keys/unlock')
      .input(z.object({ passphrase: z.string().max(1000) }))
      .output(z.object({ unlockedUntil: timestamp })),
  },
}
