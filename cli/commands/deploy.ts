import { verb } from '../command.ts'

const slotOption = {
  name: 'slot',
  value: 'SLOT',
  required: true,
  summary: 'staging, production, or one of your own; it becomes an alias: name@production',
} as const

export const deploy = verb({
  name: 'deploy',
  words: 'REF',
  summary: 'put an approved version into a slot',
  options: [slotOption],
  examples: ['deploy titanic/4 --slot production'],
  async run({ client, words: [model = ''], options }) {
    const answer = await (await client()).deployments.deploy({ model, slot: options.required('slot') })
    const before = answer.previous === null ? '' : `; before: ${answer.previous}`
    return { json: answer, text: `${answer.version} is in ${answer.slot}${before}.` }
  },
})

export const rollback = verb({
  name: 'rollback',
  words: '[NAME]',
  summary: 'give a slot back to the version that was there before',
  options: [slotOption],
  examples: ['rollback --slot production', 'rollback titanic --slot production'],
  async run({ client, words: [model], options }) {
    const answer = await (await client()).deployments.rollback({
      slot: options.required('slot'),
      ...(model === undefined ? {} : { model }),
    })
    return { json: answer, text: `${answer.version} is in ${answer.slot} again; before: ${answer.previous ?? ''}.` }
  },
})
