import { readFileSync } from 'node:fs'
import type { Destination, EgressEntry, EgressStatus } from '../../shared/domain/egress.ts'
import type { NotificationKind } from '../../shared/domain/notifications.ts'
import { notificationKinds } from '../../shared/domain/notifications.ts'
import { MaestroError } from '../../shared/errors.ts'
import { askPassphrase } from '../ask-passphrase.ts'
import { noun } from '../command.ts'
import { bytes, table } from '../format.ts'
import type { OptionDefinition } from '../option-definition.ts'
import type { ParsedOptions } from '../parse-options.ts'
import { existingFile } from '../references.ts'
import { usageError } from '../usage-error.ts'

const addOptions: readonly OptionDefinition[] = [
  { name: 'kind', value: 'KIND', required: true, choices: ['email', 'slack', 'webhook'], summary: 'what it is' },
  { name: 'server', value: 'HOST:PORT', summary: 'the mail server' },
  {
    name: 'security',
    value: 'HOW',
    choices: ['starttls', 'tls', 'none'],
    summary: 'encryption of mail (default starttls)',
  },
  { name: 'user', value: 'NAME', summary: 'who logs in to the mail server; the password is asked for' },
  { name: 'from', value: 'ADDRESS', summary: 'who the mail is from' },
  { name: 'to', value: 'ADDRESS', repeatable: true, summary: 'who gets it; may be given several times' },
  { name: 'url', value: 'URL', summary: 'address of a webhook; that of Slack is a secret, and asked for' },
  { name: 'signed', summary: 'ask for a key to sign what a webhook gets (HMAC-SHA256)' },
  { name: 'about', value: 'KIND,KIND', summary: `what is sent: ${notificationKinds.join(', ')} (default: all)` },
  { name: 'words', summary: 'send comments and reasons along, not only what happened' },
  { name: 'certificates', value: 'FILE', summary: 'certificates (PEM) to trust beside those of the system' },
  {
    name: 'keep',
    value: 'WHERE',
    choices: ['keychain', 'passphrase'],
    summary: 'where its secret goes (default keychain)',
  },
]

export const egress = noun(
  'egress',
  'What may leave this computer, where to, and what has. Nothing does unless you allow it.',
  [
    {
      name: 'status',
      words: '',
      summary: 'say whether anything may leave, where to, and what waits',
      options: [],
      examples: ['egress status'],
      async run({ client }) {
        return answer(await (await client()).egress.status())
      },
    },
    {
      name: 'on',
      words: '',
      summary: 'let notifications leave for the destinations that are set up',
      options: [],
      examples: ['egress on'],
      async run({ client }) {
        return answer(await (await client()).egress.switch({ on: true }))
      },
    },
    {
      name: 'off',
      words: '',
      summary: 'let nothing leave any more; what waits stays',
      options: [],
      examples: ['egress off'],
      async run({ client }) {
        return answer(await (await client()).egress.switch({ on: false }))
      },
    },
    {
      name: 'allow',
      words: 'HOST:PORT',
      summary: 'add a host that may be connected to',
      options: [{ name: 'private', summary: 'its name may lead to an address of the own network or computer' }],
      examples: ['egress allow mail.example.org:587', 'egress allow chat.intern:443 --private'],
      async run({ client, words: [place = ''], options }) {
        const json = await (await client()).egress.allow({ ...placeOf(place), privateAllowed: options.flag('private') })
        return { json, text: `${place} may be connected to from now on.` }
      },
    },
    {
      name: 'disallow',
      words: 'HOST:PORT',
      summary: 'take a host off the list',
      options: [],
      examples: ['egress disallow mail.example.org:587'],
      async run({ client, words: [place = ''] }) {
        return answer(await (await client()).egress.disallow(placeOf(place)))
      },
    },
    {
      name: 'add',
      words: 'NAME',
      summary: 'set up a destination, or change the one of this name',
      options: addOptions,
      examples: [
        'egress add office --kind email --server mail.example.org:587 --user maestro --from maestro@example.org --to risk@example.org',
        'egress add chat --kind slack --about approval-waiting,approval-decided',
        'egress add hook --kind webhook --url https://hooks.example.org/maestro --signed',
      ],
      async run({ client, words: [name = ''], options }) {
        const secret = await secretOf(options)
        const passphrase = options.text('keep') === 'passphrase'
        const json = await (await client()).egress.save({
          destination: destinationOf(name, options),
          enabled: true,
          ...(secret === undefined ? {} : { secret }),
          keep: passphrase
            ? { store: 'passphrase', passphrase: await askPassphrase('Passphrase for the secret') }
            : { store: 'keychain' },
        })
        return { json, text: `${describe(json.destination)}\nmaestro egress test ${name} tries it.` }
      },
    },
    {
      name: 'enable',
      words: 'NAME',
      summary: 'switch a destination on, or with --off off',
      options: [{ name: 'off', summary: 'switch it off; what waits for it stays' }],
      examples: ['egress enable chat', 'egress enable chat --off'],
      async run({ client, words: [name = ''], options }) {
        const json = await (await client()).egress.enable({ name, enabled: !options.flag('off') })
        return { json, text: describe(json.destination) }
      },
    },
    {
      name: 'remove',
      words: 'NAME',
      summary: 'remove a destination with what waits for it',
      options: [],
      examples: ['egress remove chat'],
      async run({ client, words: [name = ''] }) {
        return answer(await (await client()).egress.remove({ name }))
      },
    },
    {
      name: 'test',
      words: 'NAME',
      summary: 'send a trial message now and say how that went',
      options: [],
      examples: ['egress test office'],
      async run({ client, words: [name = ''] }) {
        const json = await (await client()).egress.test({ name })
        const { outcome, detail } = json.entry
        return {
          json,
          text: outcome === 'sent' ? `Sent: ${bytes(json.entry.bytes)} left.` : `${outcome.toUpperCase()}: ${detail}`,
          exitCode: { sent: 0, failed: 1, refused: 4 }[outcome],
        }
      },
    },
    {
      name: 'send',
      words: '',
      summary: 'send what waits now, whatever its time',
      options: [{ name: 'dead', summary: 'and what was given up' }],
      examples: ['egress send', 'egress send --dead'],
      async run({ client, options }) {
        const json = await (await client()).egress.send({ dead: options.flag('dead') })
        return {
          json,
          text: `${json.sent} sent, ${json.failed} failed; ${json.waiting} wait, ${json.dead} were given up`,
        }
      },
    },
    {
      name: 'outbox',
      words: '',
      summary: 'list what waits, what was given up, and what was sent lately',
      options: [],
      examples: ['egress outbox'],
      async run({ client }) {
        const json = await (await client()).egress.outbox()
        const rows = json.messages.map((each) => [
          each.state,
          each.createdAt.slice(0, 16).replace('T', ' '),
          each.destination,
          each.title,
          each.attempts,
          each.error,
        ])
        return { json, text: table(['', 'time', 'to', 'what', 'tried', 'problem'], rows) || 'The outbox is empty.' }
      },
    },
    {
      name: 'unlock',
      words: '',
      summary: 'open secrets that are kept under a passphrase, until the host ends',
      options: [],
      examples: ['egress unlock'],
      async run({ client }) {
        const passphrase = await askPassphrase('Passphrase of the secrets')
        return answer(await (await client()).egress.unlock({ passphrase }))
      },
    },
    {
      name: 'log',
      words: '',
      summary: 'list every connection that was opened or refused, newest first',
      options: [
        { name: 'limit', value: 'N', summary: 'how many (default 200)' },
        { name: 'before', value: 'ID', summary: 'only those before this one' },
      ],
      examples: ['egress log', 'egress log --limit 5000 --json > left.json'],
      async run({ client, options }) {
        const json = await (await client()).egress.log({
          limit: options.integer('limit') ?? 200,
          before: options.integer('before'),
        })
        return {
          json,
          text:
            table(['id', 'time', 'destination', 'host', 'about', 'bytes', 'outcome', ''], json.entries.map(rowOf)) ||
            'Nothing has left this computer.',
        }
      },
    },
  ],
)

function rowOf(entry: EgressEntry) {
  return [
    entry.id,
    entry.time.slice(0, 19).replace('T', ' '),
    entry.destination,
    `${entry.host}:${entry.port}${entry.address === '' || entry.address === entry.host ? '' : ` (${entry.address})`}`,
    entry.kind,
    entry.bytes,
    entry.outcome,
    entry.detail,
  ]
}

function answer(status: EgressStatus) {
  const { on, hosts, destinations, waiting, dead } = status
  const lines = [
    on ? 'Notifications may leave this computer, for the destinations below.' : 'Nothing may leave this computer.',
    ...hosts.map(
      ({ host, port, privateAllowed }) => `allowed: ${host}:${port}${privateAllowed ? ' (own network too)' : ''}`,
    ),
    ...destinations.map(describe),
    ...(waiting + dead > 0 ? [`${waiting} wait, ${dead} were given up`] : []),
  ]
  return { json: status, text: lines.join('\n') }
}

function describe({
  options: { name },
  kind,
  host,
  port,
  enabled,
  allowed,
  locked,
  waiting,
  dead,
}: Destination): string {
  const notes = [
    enabled ? '' : 'off',
    allowed ? '' : 'its host is not allowed',
    locked ? 'locked: maestro egress unlock' : '',
    waiting > 0 ? `${waiting} wait` : '',
    dead > 0 ? `${dead} given up` : '',
  ].filter((note) => note !== '')
  return `${name}: ${kind} at ${host}:${port}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
}

/** `mail.example.org:587`, `[::1]:25`. */
function placeOf(text: string): { host: string; port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined)
    throw usageError(`${text} is no host with a port.`, 'Write HOST:PORT, as mail.example.org:587.')
  return { host, port: Number(port) }
}

function destinationOf(name: string, options: ParsedOptions) {
  const about = options.list('about')
  const certificates = options.text('certificates')
  const common = {
    name,
    kinds: about.length === 0 ? [...notificationKinds] : about.map(kindOf),
    includesText: options.flag('words'),
    ...(certificates === undefined ? {} : { certificates: readFileSync(existingFile(certificates), 'utf8') }),
  }
  const kind = options.required('kind')
  if (kind === 'slack') return { kind, ...common } as const
  if (kind === 'webhook') return { kind, ...common, url: needed(options, 'url') } as const
  const user = options.text('user')
  return {
    kind: 'email',
    ...common,
    ...placeOf(needed(options, 'server')),
    security: (options.text('security') ?? 'starttls') as 'starttls',
    ...(user === undefined ? {} : { user }),
    from: needed(options, 'from'),
    to: options.list('to'),
  } as const
}

function kindOf(word: string): NotificationKind {
  const kind = notificationKinds.find((each) => each === word)
  if (kind) return kind
  throw usageError(`There is no kind of notification ${word}.`, `It is one of ${notificationKinds.join(', ')}.`)
}

/** Asked for, or taken from MAESTRO_EGRESS_SECRET where nobody can be asked; never a flag, which others could read. */
async function secretOf(options: ParsedOptions): Promise<string | undefined> {
  const kind = options.required('kind')
  const what =
    kind === 'slack'
      ? 'Address of the Slack webhook'
      : kind === 'webhook' && options.flag('signed')
        ? 'Key to sign with'
        : kind === 'email' && options.text('user') !== undefined
          ? 'Password of the mail server'
          : null
  if (what === null) return undefined
  const secret = await askPassphrase(what, 'MAESTRO_EGRESS_SECRET')
  if (secret !== '') return secret
  throw new MaestroError('INPUT_INVALID', 'The secret is empty.', `${what}: it is needed.`)
}

/** What a kind of destination cannot do without. */
function needed(options: ParsedOptions, name: string): string {
  const given = options.text(name)
  if (given !== undefined) return given
  throw usageError(`--${name} is missing.`, `A destination of the kind ${options.required('kind')} needs it.`)
}
