import { readFileSync } from 'node:fs'
import type { Identity } from '../../shared/domain/identities.ts'
import { roles } from '../../shared/domain/permissions.ts'
import { noun } from '../command.ts'
import { describeIdentity as describe, keepFrom, keepOption } from '../describe-identity.ts'
import { table } from '../format.ts'
import { existingFile } from '../references.ts'
import { erasePerson, exportPerson } from './identity-export.ts'
import { recoverKey, restoreKey, revokeKeys } from './keys-recovery.ts'

export const identity = noun('identity', 'People of this workspace, their roles and keys.', [
  {
    name: 'create',
    words: 'NAME',
    summary: 'make a person with a key',
    options: [
      { name: 'role', value: 'R', required: true, choices: roles, summary: 'what the person may do' },
      keepOption,
    ],
    examples: ['identity create nora --role reviewer'],
    async run({ client, words: [name = ''], options }) {
      const keep = await keepFrom(options)
      const answer = await (await client()).identities.create({
        name,
        role: options.required('role') as Identity['role'],
        keep,
      })
      return { json: answer, text: describe(answer.identity) }
    },
  },
  {
    name: 'add',
    words: 'NAME',
    summary: 'make somebody known who signs in another workspace, by the public key',
    options: [
      { name: 'role', value: 'R', required: true, choices: roles, summary: 'what the person may do here' },
      { name: 'key', value: 'FILE', required: true, summary: 'the public key in PEM, as maestro keys show prints it' },
    ],
    examples: ['identity add nora --role approver --key nora.pem'],
    async run({ client, words: [name = ''], options }) {
      const answer = await (await client()).identities.add({
        name,
        role: options.required('role') as Identity['role'],
        publicKey: readFileSync(existingFile(options.required('key')), 'utf8'),
      })
      const { fingerprint } = answer.identity
      return {
        json: answer,
        text: `${answer.identity.name} (${answer.identity.role}) signs with ${fingerprint ?? ''}. Compare it with ${name} by another way.`,
      }
    },
  },
  {
    name: 'list',
    words: '',
    summary: 'list the people, the revoked ones too',
    options: [],
    examples: ['identity list'],
    async run({ client }) {
      const answer = await (await client()).identities.list()
      const rows = answer.identities.map((one) => [
        one.name,
        one.isOwner ? `${one.role} (owner)` : one.role,
        one.fingerprint?.slice(0, 23) ?? '',
        one.revokedAt === null ? 'active' : `revoked from ${one.revokedAt}`,
      ])
      return {
        json: answer,
        text: table(['name', 'role', 'key', ''], rows) || 'Nobody has a key yet. maestro keys create makes yours.',
      }
    },
  },
  {
    name: 'revoke',
    words: 'NAME',
    summary: 'end an identity and its keys; what was signed before stands',
    options: [
      { name: 'reason', value: 'TEXT', summary: 'why' },
      { name: 'from', value: 'TIME', summary: 'from when on (ISO 8601; default: now)' },
    ],
    examples: ['identity revoke nora --reason "left"', 'identity revoke nora --from 2026-01-31T08:30:00Z'],
    async run({ client, words: [name = ''], options }) {
      const from = options.text('from')
      const answer = await (await client()).identities.revoke({
        name,
        reason: options.text('reason') ?? '',
        ...(from === undefined ? {} : { from }),
      })
      return { json: answer, text: describe(answer.identity) }
    },
  },
  exportPerson,
  erasePerson,
])

export const keys = noun('keys', 'Your own signing key.', [
  {
    name: 'show',
    words: '',
    summary: 'show who you are and your public key',
    options: [],
    examples: ['keys show', 'keys show --as nora'],
    async run({ client }) {
      const answer = await (await client()).keys.show()
      return { json: answer, text: `${describe(answer.identity)}\n${answer.identity.publicKey ?? ''}`.trim() }
    },
  },
  {
    name: 'create',
    words: '',
    summary: 'make the first key of the workspace’s owner; maestro keys recovery shows how to get it back',
    options: [keepOption],
    examples: ['keys create', 'keys create --keep passphrase'],
    async run({ client, options }) {
      const answer = await (await client()).keys.create(await keepFrom(options))
      return { json: answer, text: describe(answer.identity) }
    },
  },
  {
    name: 'rotate',
    words: '',
    summary: 'make a new key; the one before signs no more, and still verifies',
    options: [keepOption],
    examples: ['keys rotate'],
    async run({ client, options }) {
      const answer = await (await client()).keys.rotate(await keepFrom(options))
      return { json: answer, text: describe(answer.identity) }
    },
  },
  revokeKeys,
  recoverKey,
  restoreKey,
])
