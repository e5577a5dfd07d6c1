import { approvalStates } from '../../shared/domain/approval-states.ts'
import type { Approval } from '../../shared/domain/approvals.ts'
import type { Command, CommandContext, CommandResult } from '../command.ts'
import { noun } from '../command.ts'
import { describeApproval, describeApprovals } from '../describe-approval.ts'
import { usageError } from '../usage-error.ts'
import { withKey } from '../with-key.ts'
import { exportReview, importReview } from './review.ts'

const reasonOption = { name: 'reason', value: 'TEXT', required: true, summary: 'why; it is signed and kept' } as const

function decision(name: 'approve' | 'reject', summary: string): Command {
  return {
    name,
    words: 'ID',
    summary,
    options: [reasonOption],
    examples: [`approvals ${name} 019f2ab34c5d --reason "${name === 'approve' ? 'better on every slice' : 'drifts'}"`],
    run: (context) =>
      one(context, (calls, id) =>
        withKey(context, () =>
          calls.decide({
            id,
            decision: name === 'approve' ? 'approved' : 'rejected',
            reason: context.options.required('reason'),
          }),
        ),
      ),
  }
}

export const approvals = noun('approvals', 'Approvals of model versions: send, discuss, decide, sign.', [
  {
    name: 'submit',
    words: 'REF',
    summary: 'freeze a version with its evidence and send it for approval',
    options: [
      { name: 'tier', value: 'TIER', summary: 'how risky its use is; maestro policy show lists the tiers' },
      { name: 'message', value: 'TEXT', summary: 'what the reviewer should know' },
    ],
    examples: ['approvals submit titanic/4', 'approvals submit titanic/4 --tier high --message "replaces 3"'],
    run: (context) =>
      one(context, async (calls, model) => {
        const tier = context.options.text('tier')
        return calls.submit({
          model,
          message: context.options.text('message') ?? '',
          ...(tier === undefined ? {} : { tier }),
        })
      }),
  },
  {
    name: 'list',
    words: '',
    summary: 'list the submissions, newest first',
    options: [{ name: 'open', summary: 'only those that wait for a decision' }],
    examples: ['approvals list', 'approvals list --open --json'],
    async run({ client, options }) {
      const answer = await (await client()).approvals.list()
      const listed = options.flag('open')
        ? answer.approvals.filter(({ state, closed }) => closed === null && /^(submitted|review|testing)$/.test(state))
        : answer.approvals
      return { json: { approvals: listed }, text: describeApprovals(listed) }
    },
  },
  {
    name: 'show',
    words: 'ID',
    summary: 'show a submission: what is asked for, what is missing, who signed, what happened',
    options: [],
    examples: ['approvals show 019f2ab34c5d', 'approvals show titanic/4 --json'],
    run: (context) => one(context, (calls, id) => calls.get({ id })),
  },
  {
    name: 'comment',
    words: 'ID TEXT',
    summary: 'say something about a submission, or ask for changes',
    options: [
      { name: 'item', value: 'ITEM', summary: 'an item of the manifest, or a row: "row 12"' },
      { name: 'request-changes', summary: 'nobody can approve until you settle it' },
      { name: 'settle', summary: 'your requests for changes are met' },
    ],
    examples: [
      'approvals comment 019f2ab34c5d "why is age so strong?"',
      'approvals comment 019f2ab34c5d "slices are missing" --request-changes',
    ],
    run: (context) =>
      one(context, (calls, id) => {
        const { options, words } = context
        if (options.flag('request-changes') && options.flag('settle'))
          throw usageError('Either --request-changes or --settle.', 'maestro approvals comment --help')
        const item = options.text('item')
        return calls.comment({
          id,
          text: words[1] ?? '',
          kind: options.flag('request-changes')
            ? 'changes-requested'
            : options.flag('settle')
              ? 'changes-settled'
              : 'commented',
          ...(item === undefined ? {} : { item }),
        })
      }),
  },
  {
    name: 'advance',
    words: 'ID STATE',
    summary: 'take a submission to review, then to testing',
    options: [],
    examples: ['approvals advance 019f2ab34c5d review', 'approvals advance 019f2ab34c5d testing'],
    run: (context) =>
      one(context, (calls, id) => {
        const to = approvalStates.find((state) => state === context.words[1])
        if (!to)
          throw usageError(`There is no state "${context.words[1]}".`, `The states are ${approvalStates.join(', ')}.`)
        return calls.advance({ id, to })
      }),
  },
  decision('approve', 'sign an approval with your key'),
  decision('reject', 'sign a rejection with your key'),
  exportReview,
  importReview,
  {
    name: 'withdraw',
    words: 'ID',
    summary: 'take a submission back before it is decided',
    options: [],
    examples: ['approvals withdraw 019f2ab34c5d'],
    run: (context) => one(context, (calls, id) => calls.withdraw({ id })),
  },
  {
    name: 'revoke',
    words: 'ID',
    summary: 'take an approval back; what is deployed with it is refused from now on',
    options: [reasonOption],
    examples: ['approvals revoke 019f2ab34c5d --reason "wrong labels in the source"'],
    run: (context) => one(context, (calls, id) => calls.revoke({ id, reason: context.options.required('reason') })),
  },
])

type Calls = Awaited<ReturnType<CommandContext['client']>>['approvals']

async function one(
  context: CommandContext,
  call: (calls: Calls, word: string) => Promise<{ approval: Approval }>,
): Promise<CommandResult> {
  const answer = await call((await context.client()).approvals, context.words[0] ?? '')
  return { json: answer, text: describeApproval(answer.approval) }
}
