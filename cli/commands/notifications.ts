import type { Notification } from '../../shared/domain/notifications.ts'
import { noun } from '../command.ts'
import { table } from '../format.ts'
import { usageError } from '../usage-error.ts'

export const notifications = noun(
  'notifications',
  'What you were told: approvals that wait, decisions, jobs that ended.',
  [
    {
      name: 'list',
      words: '',
      summary: 'list yours, newest first; also sends reminders that are due',
      options: [
        { name: 'unread', summary: 'only what was not read' },
        { name: 'limit', value: 'N', summary: 'how many (default 100)' },
      ],
      examples: ['notifications list --unread', 'notifications list --as nora --json'],
      async run({ client, options }) {
        const answer = await (await client()).notifications.list({
          unread: options.flag('unread'),
          limit: options.integer('limit') ?? 100,
        })
        return {
          json: answer,
          text:
            table(['', 'id', 'time', 'what', 'where'], answer.notifications.map(rowOf)) || 'Nothing was said to you.',
        }
      },
    },
    {
      name: 'read',
      words: '[ID…]',
      summary: 'mark some as read, or --all',
      options: [{ name: 'all', summary: 'all that there are' }],
      examples: ['notifications read 12 13', 'notifications read --all'],
      async run({ client, words, options }) {
        const all = options.flag('all')
        if (all === words.length > 0)
          throw usageError(
            'What is to be marked as read?',
            'Give the numbers that maestro notifications list shows, or --all.',
          )
        const answer = await (await client()).notifications.read(all ? {} : { ids: words.map(numberOf) })
        return { json: answer, text: `${answer.read} marked as read, ${answer.unread} unread` }
      },
    },
  ],
)

function rowOf({ id, title, text, href, createdAt, readAt }: Notification) {
  return [
    readAt === null ? '●' : '',
    id,
    createdAt.slice(0, 16).replace('T', ' '),
    text === '' ? title : `${title}: ${text}`,
    href,
  ]
}

function numberOf(word: string): number {
  if (/^[1-9]\d{0,14}$/.test(word)) return Number(word)
  throw usageError(`${word} is no number of a notification.`, 'maestro notifications list shows them.')
}
