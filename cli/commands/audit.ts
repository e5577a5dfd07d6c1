import { readFileSync } from 'node:fs'
import { isSlice, readSlice, verifySlice } from '../../core/audit/audit-slice.ts'
import { readExport, readLogKey } from '../../core/audit/export-format.ts'
import type { Verification } from '../../core/audit/verify-log.ts'
import { verifyLog } from '../../core/audit/verify-log.ts'
import type { AuditVerification } from '../../shared/domain/audit.ts'
import { MaestroError } from '../../shared/errors.ts'
import { askPassphrase } from '../ask-passphrase.ts'
import type { CommandContext } from '../command.ts'
import { noun } from '../command.ts'
import { toCommandError } from '../describe-error.ts'
import { bytes, table } from '../format.ts'
import { usageError } from '../usage-error.ts'

export const audit = noun(
  'audit',
  'What was done here, and what was refused, in a log that shows every change to it.',
  [
    {
      name: 'list',
      words: '',
      summary: 'list what was done and refused, newest first',
      options: [
        { name: 'action', value: 'NAME', summary: 'only this: models.setAlias, or all of models' },
        { name: 'outcome', value: 'HOW', choices: ['done', 'refused', 'failed'], summary: 'only what ended so' },
        { name: 'actor', value: 'PERSON', summary: 'only by this person' },
        { name: 'limit', value: 'N', summary: 'how many (default 100)' },
        { name: 'before', value: 'SEQUENCE', summary: 'only entries before this one' },
      ],
      examples: ['audit list', 'audit list --outcome refused'],
      async run({ client, options }) {
        const { events, total, nextBefore } = await (await client()).audit.list({
          action: options.text('action'),
          outcome: options.text('outcome') as 'done' | undefined,
          actor: options.text('actor'),
          before: options.integer('before'),
          limit: options.integer('limit') ?? 100,
        })
        const rows = events.map((event) => [
          event.sequence,
          event.time.slice(0, 19).replace('T', ' '),
          event.actor ?? '(erased)',
          event.action,
          event.code === null ? event.outcome : `${event.outcome}: ${event.code}`,
          Object.entries(event.details)
            .map(([field, value]) => `${field}=${String(value)}`)
            .join(' '),
        ])
        return {
          json: { events, entries: total, nextBefore },
          text: table(['entry', 'time', 'who', 'what', 'outcome', 'details'], rows) || 'Nothing was done yet.',
        }
      },
    },
    {
      name: 'verify',
      words: '[FILE]',
      summary: 'verify the log of this workspace, or an export or a slice of any, with public keys alone',
      options: [
        {
          name: 'key',
          value: 'PUB',
          repeatable: true,
          summary: 'public key (PEM file) that has to have signed the export',
        },
        {
          name: 'checkpoint',
          value: 'FILE',
          repeatable: true,
          summary: 'a checkpoint that was kept elsewhere: the export has to go on from it',
        },
      ],
      examples: ['audit verify', 'audit verify audit.jsonl --key log.pub --checkpoint kept.note'],
      async run({ client, words: [file], options }) {
        const { answer, what } =
          file === undefined
            ? { answer: await (await client()).audit.verify(), what: 'log' as const }
            : verifyFile(file, options.list('key'), options.list('checkpoint'))
        return { json: answer, text: describe(answer, what), exitCode: answer.ok ? 0 : 5 }
      },
    },
    {
      name: 'export',
      words: '',
      summary: 'write the log as a file that anybody can verify',
      options: [{ name: 'out', value: 'FILE', required: true, summary: 'where to write it' }],
      examples: ['audit export --out audit.jsonl'],
      async run({ client, options }) {
        const answer = await (await client()).audit.export({ out: options.required('out') })
        return {
          json: answer,
          text: `${describe(answer)}\nwritten to ${answer.path} (${bytes(answer.bytes)})`,
          exitCode: answer.ok ? 0 : 5,
        }
      },
    },
    {
      name: 'checkpoint',
      words: '',
      summary: 'sign what the log is now; keep the note elsewhere, as a witness',
      options: [
        {
          name: 'keep',
          value: 'WHERE',
          choices: ['keychain', 'passphrase'],
          summary: 'where the log’s key goes when it is made: the system’s keychain (default), or under a passphrase',
        },
      ],
      examples: ['audit checkpoint', 'audit checkpoint --keep passphrase'],
      async run(context) {
        const answer = await checkpoint(context)
        const last = answer.lastCheckpoint
        return {
          json: answer,
          text: last ? `${describe(answer)}\n\n${last.note}\n${last.publicKey}`.trim() : describe(answer),
          exitCode: answer.ok ? 0 : 5,
        }
      },
    },
    {
      name: 'witness',
      words: 'NOTE',
      summary: 'keep a checkpoint of another workspace; refuses one that goes behind an earlier one',
      options: [{ name: 'key', value: 'PUB', required: true, summary: 'public key (PEM file) of that log' }],
      examples: ['audit witness their.note --key their-log.pub'],
      async run({ client, words: [note = ''], options }) {
        const checkpoint = await (await client()).audit.witness({
          note: read(note),
          publicKey: read(options.required('key')),
        })
        return { json: { checkpoint }, text: `kept: ${checkpoint.origin} had ${checkpoint.size} entries` }
      },
    },
    {
      name: 'erase',
      words: 'PERSON',
      summary: 'erase a person’s name and words; the log stays verifiable',
      options: [],
      examples: ['audit erase nora'],
      async run({ client, words: [name = ''] }) {
        const answer = await (await client()).audit.erase({ name })
        const kept = answer.kept.map(
          ({ what, count }) => `${count} ${what} keep the name: they are signed or only added to`,
        )
        return {
          json: answer,
          text: [`${answer.erased} values erased; the identity is now called ${answer.pseudonym}`, ...kept].join('\n'),
        }
      },
    },
  ],
)

async function checkpoint({ client, options }: CommandContext) {
  const connected = await client()
  if (options.text('keep') !== 'passphrase') {
    try {
      return await connected.audit.checkpoint({})
    } catch (error) {
      if (toCommandError(error).code !== 'KEY_LOCKED') throw error
    }
  }
  const passphrase = await askPassphrase('Passphrase of the log’s key')
  return connected.audit.checkpoint({ store: 'passphrase', passphrase })
}

/** Needs no workspace. Without keys given, those in the file are taken, which shows only that it is whole. */
function verifyFile(
  file: string,
  keyFiles: readonly string[],
  witnesses: readonly string[],
): { readonly answer: AuditVerification; readonly what: 'log' | 'slice' } {
  const content = read(file)
  const what = isSlice(content) ? 'slice' : 'log'
  const isPinned = keyFiles.length > 0
  const keysOf = (inFile: readonly string[]) => (isPinned ? keyFiles.map(read) : inFile).map(readLogKey)
  let verification: Verification
  if (what === 'slice') {
    if (witnesses.length > 0) {
      throw usageError('A slice cannot be held against a checkpoint.', 'Verify the whole log: maestro audit export.')
    }
    const slice = readSlice(content)
    verification = verifySlice(slice, { keys: keysOf(slice.keys), mustBeSigned: isPinned })
  } else {
    const log = readExport(content)
    const trust = { keys: keysOf(log.keys), witnesses: witnesses.map(read), mustBeSigned: isPinned }
    verification = verifyLog(log, trust)
  }
  const findings = [...verification.findings]
  if (!isPinned)
    findings.push('The keys are those in the file itself. Give the one you know (--key) to be sure of who signed it.')
  return { answer: { ...verification, findings }, what }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new MaestroError('FILE_NOT_FOUND', `The file ${path} cannot be read.`, 'Look at its name and rights.', {
      path,
    })
  }
}

function describe(
  { ok, entries, firstBad, lastCheckpoint, findings }: AuditVerification,
  what: 'log' | 'slice' = 'log',
): string {
  const verdict = ok
    ? what === 'slice'
      ? `Each of its ${entries} entries is in the log and as it was written.`
      : `The log is whole: ${entries} entries.`
    : firstBad && firstBad.sequence > 0
      ? `Entry ${firstBad.sequence} is not as it was written: ${firstBad.reason}.`
      : `The ${what} does not verify: ${firstBad?.reason ?? ''}.`
  const signed = lastCheckpoint ? [`Last checkpoint: ${lastCheckpoint.size} entries, ${lastCheckpoint.hash}`] : []
  return [verdict, ...signed, ...findings].join('\n')
}
