import { readFileSync } from 'node:fs'
import { stringify } from 'yaml'
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
    options: [],
    examples: ['policy set policy.yaml'],
    async run({ client, words: [file = ''] }) {
      const {
        policy: rules,
        digest,
        setBy,
        setAt,
      } = await (await client()).policy.set({
        text: readFileSync(existingFile(file), 'utf8'),
      })
      return {
        json: { policy: rules, digest, setBy, setAt },
        text: `In force from now on: ${Object.keys(rules.tiers).length} tiers, ${digest}.`,
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
