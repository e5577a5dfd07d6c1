import { resolve } from 'node:path'
import type { OpenedReview, ReviewFinding } from '../../shared/domain/reviews.ts'
import type { Command } from '../command.ts'
import { noun } from '../command.ts'
import { describeApproval } from '../describe-approval.ts'
import { bytes, table } from '../format.ts'
import { existingFile } from '../references.ts'
import { usageError } from '../usage-error.ts'
import { withKey } from '../with-key.ts'

export const review = noun('review', 'Review a submission that came as a file, without a network.', [
  {
    name: 'open',
    words: 'FILE',
    summary: 'check a package, and take its model in to look at it and try it',
    options: [{ name: 'check-only', summary: 'check it and take nothing in' }],
    examples: ['review open titanic-4.maestro', 'review open titanic-4.maestro --check-only --json'],
    async run({ client, words: [file = ''], options }) {
      const opened = await (await client()).reviews.open({
        source: { path: existingFile(file) },
        keep: !options.flag('check-only'),
      })
      return { json: opened, text: describeOpened(opened), exitCode: opened.verified ? 0 : 5 }
    },
  },
  {
    name: 'decide',
    words: 'FILE approve|reject',
    summary: 'sign a decision on a package; the reply goes back by any way',
    options: [
      { name: 'reason', value: 'TEXT', required: true, summary: 'why; it is signed' },
      { name: 'out', value: 'REPLY', required: true, summary: 'file for the reply' },
    ],
    examples: ['review decide titanic-4.maestro approve --reason "better on every slice" --out reply.json'],
    async run(context) {
      const { client, options } = context
      const [file = '', verdict] = context.words
      if (verdict !== 'approve' && verdict !== 'reject')
        throw usageError(`A decision is approve or reject, not "${verdict}".`, 'review decide FILE approve|reject')
      const { reviews } = await client()
      const answer = await withKey(context, () =>
        reviews.decide({
          source: { path: existingFile(file) },
          decision: verdict === 'approve' ? 'approved' : 'rejected',
          reason: options.required('reason'),
          out: resolve(options.required('out')),
        }),
      )
      return { json: answer, text: `Signed. Send ${answer.reply} back.` }
    },
  },
])

/** The two verbs of `approvals` for who has submitted. */
export const exportReview: Command = {
  name: 'export',
  words: 'ID',
  summary: 'write a submission into one signed file for a reviewer elsewhere',
  options: [
    { name: 'out', value: 'FILE.maestro', required: true, summary: 'the file' },
    { name: 'rows', value: 'N', summary: 'rows of the training table to send along (default: none)' },
  ],
  examples: [
    'approvals export 019f2ab34c5d --out titanic-4.maestro',
    'approvals export titanic/4 --out t.maestro --rows 100',
  ],
  async run(context) {
    const { options } = context
    const [id = ''] = context.words
    const { reviews } = await context.client()
    const answer = await withKey(context, () =>
      reviews.export({ id, out: resolve(options.required('out')), rows: options.integer('rows') ?? 0 }),
    )
    return {
      json: { verified: true, findings: [], ...answer },
      text: `${answer.path}: ${bytes(answer.bytes)}, to be decided on by ${answer.expiresAt.slice(0, 10)}.`,
    }
  },
}

export const importReview: Command = {
  name: 'import',
  words: 'REPLY',
  summary: 'take the signed reply of a reviewer in',
  options: [],
  examples: ['approvals import reply.json'],
  async run({ client, words: [file = ''] }) {
    const answer = await (await client()).reviews.import({ source: { path: existingFile(file) } })
    const text = [
      describeFindings(answer.findings),
      answer.verified && answer.approval ? describeApproval(answer.approval) : '',
    ]
    return {
      json: answer,
      text: text.filter((part) => part !== '').join('\n'),
      exitCode: answer.verified ? 0 : answer.findings.some(({ code }) => isIntegrity(code)) ? 5 : 4,
    }
  },
}

/** What is wrong with the bytes or the signature, apart from what a rule refuses. */
function isIntegrity(code: ReviewFinding['code']): boolean {
  return code === 'SIGNATURE' || code === 'DIGEST' || code === 'KEY_REVOKED' || code === 'SIGNER_UNKNOWN'
}

function describeFindings(findings: readonly ReviewFinding[]): string {
  return table(
    ['', 'what', ''],
    findings.map(({ severity, code, message }) => [severity, code, message]),
  )
}

function describeOpened(opened: OpenedReview): string {
  const about = opened.package?.approval
  return [
    opened.verified ? 'VERIFIED' : 'DOES NOT VERIFY',
    describeFindings(opened.findings),
    about ? `${about.model}/${about.version}, tier ${about.tier}, sent by ${about.submitter}: ${about.message}` : '',
    about ? `model ${about.digest}\nmanifest ${about.manifestDigest}` : '',
    opened.kept
      ? `Taken in as ${opened.kept.model}/${opened.kept.version}${opened.kept.replaces === null ? '' : `, to compare with ${opened.kept.model}/${opened.kept.replaces}`}.`
      : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
}
