import { isAtLeast } from '../../../shared/domain/check-policy.ts'
import type { Identity } from '../../../shared/domain/identities.ts'
import type { Role } from '../../../shared/domain/permissions.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { newId } from '../../storage/ids.ts'
import { fingerprintOf, publicKeyPem, readPublicKey } from '../../trust/signing-keys.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { createIdentityRows, toIdentity } from './identity-rows.ts'

/**
 * Makes somebody known who works in another workspace and keeps the private key there: signatures with the public key count
 * here, in the role given, from now on. Throws NAME_TAKEN, FORBIDDEN for a role above the actor's, INPUT_INVALID for no key.
 */
export function addKnownPerson(
  context: Pick<ServiceContext, 'database' | 'changed' | 'assertWritable'>,
  person: { readonly name: string; readonly role: Role; readonly publicKey: string },
  actor: Actor,
): { identity: Identity } {
  context.assertWritable()
  if (!isAtLeast(actor.role, person.role)) {
    throw new MaestroError('FORBIDDEN', `${actor.name} (${actor.role}) cannot make somebody a ${person.role}.`)
  }
  const rows = createIdentityRows(context.database.sqlite)
  const publicKey = readPublicKey(person.publicKey)
  const fingerprint = fingerprintOf(publicKey)
  const holder = rows.key(fingerprint)
  if (rows.byName(person.name) || holder) {
    throw new MaestroError(
      'NAME_TAKEN',
      holder ? 'Somebody here has this key already.' : `There is somebody called ${person.name}.`,
      'maestro identity list shows who there is.',
    )
  }
  const id = newId()
  const createdAt = new Date().toISOString()
  context.database.transaction(() => {
    rows.insert({ id, name: person.name, role: person.role, isOwner: 0, createdAt })
    // The private half is in a keychain, if not in ours: whoever acts under this name here is told that it is missing.
    rows.insertKey({
      fingerprint,
      identityId: id,
      publicKey: publicKeyPem(publicKey),
      store: 'keychain',
      sealed: null,
      createdAt,
    })
  })
  context.changed({ topic: 'identities', id })
  const row = rows.byId(id)
  if (!row) throw new Error('the person was not stored')
  return { identity: toIdentity(row, rows.keys(id), createdAt) }
}
