import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Backup } from '../../shared/domain/workspace.ts'
import { noun } from '../command.ts'
import { bytes, table } from '../format.ts'
import { openWorkspace } from '../open-workspace.ts'

export const backup = noun('backup', 'Copies of the workspace, checked after they are written.', [
  {
    name: 'create',
    words: '',
    summary: 'write a backup now',
    options: [],
    examples: ['backup create'],
    async run({ client }) {
      const answer = await (await client()).backups.create()
      return { json: answer, text: describe(answer.backup) }
    },
  },
  {
    name: 'list',
    words: '',
    summary: 'list the backups, newest first',
    options: [],
    examples: ['backup list'],
    async run({ client }) {
      const answer = await (await client()).backups.list()
      const rows = answer.backups.map((one) => [
        one.name,
        one.kind,
        bytes(one.bytes),
        one.verified ? 'verified' : 'not verified',
        one.createdAt.slice(0, 19).replace('T', ' '),
      ])
      return {
        json: answer,
        text:
          table(['name', 'kind', 'size', '', 'written'], rows) ||
          'There are no backups. maestro backup create writes one.',
      }
    },
  },
  {
    name: 'verify',
    words: 'FILE',
    summary: 'check that a backup is whole and can be restored',
    options: [],
    examples: ['backup verify 2026-01-31T08-30-00-000Z-manual'],
    async run({ client, words: [file = ''] }) {
      const answer = await (await client()).backups.verify({ file: backupFile(file) })
      return {
        json: answer,
        text: answer.problems.length === 0 ? describe(answer.backup) : answer.problems.join('\n'),
        exitCode: answer.problems.length === 0 ? 0 : 5,
      }
    },
  },
  {
    name: 'restore',
    words: 'FILE',
    summary: 'put a backup in the place of the workspace; the present one is kept beside it',
    options: [],
    examples: ['backup restore 2026-01-31T08-30-00-000Z-manual'],
    async run({ connect, workspace, words: [file = ''] }) {
      const connection = await connect()
      const answer = await connection.client.backups.restore({ file: backupFile(file) })
      const { name } = answer.backup
      if (!connection.app) {
        return {
          json: answer,
          text: `${name} takes the place of the workspace when Maestro is closed and opened again.`,
        }
      }
      await connection.close()
      await (await openWorkspace(workspace)).close()
      return { json: answer, text: `Restored from ${name}.` }
    },
  },
])

/** A path where there is one; otherwise the name that `backup list` shows. */
function backupFile(given: string): string {
  return existsSync(given) ? resolve(given) : given
}

function describe({ name, path, bytes: size, verified }: Backup): string {
  return `${name}: ${bytes(size)}, ${verified ? 'verified' : 'NOT verified'}\n${path}`
}
