import { readFileSync } from 'node:fs'
import { stringify } from 'yaml'
import type { AffectedApproval } from '../../shared/domain/policy.ts'
import { noun } from '../command.ts'
import { describeRequirements } from '../describe-approval.ts'
import { existingFile } from '../references.ts'

export const policy = noun('policy', 'Who must agree to what before a version may be used.', [
  {
    name: 'show',
    words: '',
    summary: 'print the policy in force, as a file to edit',
    options: [],
    examples: ['policy show', 'policy show > policy.yaml'],
    async run({ client }) {
      const { policy: rules, digest, setBy, setAt } = await (await client()).policy.get()
      const origin = setBy === null ? 'the one that ships' : `set by ${setBy} at ${setAt}`
      return {
        json: { policy: rules, digest, setBy, setAt },
        text: `# ${origin}, ${digest}\n${stringify(rules).trimEnd()}`,
      }
    },
  },
  {
    name: 'set',
    words: 'FILE',
    summary: 'put a policy into force, from a YAML or JSON file',
    options: [{ name: 'dry-run', summary: 'only say what it would change' }],
    examples: ['policy set policy.yaml', 'policy set policy.yaml --dry-run'],
    async run({ client, words: [file = ''], options }) {
      const text = readFileSync(existingFile(file), 'utf8')
      const { policy: procedures } = await client()
      if (options.flag('dry-run')) {
        const { policy: rules, changes, affected } = await procedures.preview({ text })
        const marks = { same: ' ', removed: '-', added: '+' }
        const lines = changes.map((line) => `${marks[line.kind]} ${line.text}`.trimEnd())
        return {
          json: { policy: rules, changes, affected },
          text: [...lines, '', ...describeAffected(affected), 'Nothing was changed.'].join('\n'),
        }
      }
      const { policy: rules, digest, setBy, setAt, affected } = await procedures.set({ text })
      return {
        json: { policy: rules, digest, setBy, setAt, affected },
        text: [
          `In force from now on: ${Object.keys(rules.tiers).length} tiers, ${digest}.`,
          ...describeAffected(affected),
        ].join('\n'),
      }
    },
  },
  {
    name: 'check',
    words: 'REF',
    summary: 'say whether a version may be deployed, and what is missing',
    options: [{ name: 'tier', value: 'TIER', summary: 'as if it were of this tier' }],
    examples: ['policy check titanic/4', 'policy check titanic@production --json'],
    async run({ client, words: [model = ''], options }) {
      const tier = options.text('tier')
      const verdict = await (await client()).policy.check({ model, ...(tier === undefined ? {} : { tier }) })
      return {
        json: verdict,
        text: `${verdict.allowed ? 'ALLOWED' : 'REFUSED'}\n${describeRequirements(verdict.requirements)}`,
        exitCode: verdict.allowed ? 0 : 4,
      }
    },
  },
])

function describeAffected(affected: readonly AffectedApproval[]): string[] {
  return affected.flatMap(({ model, version, state, becomes }) => [
    `${model} / ${version} (${state}):`,
    ...becomes.map((each) => `  ${each}`),
  ])
}
