import { verb } from '../command.ts'
import { number, table } from '../format.ts'
import { dataReference, modelReference } from '../references.ts'

export const importance = verb({
  name: 'importance',
  words: 'MODEL DATA',
  summary: 'say how much worse the model gets without each column',
  options: [
    { name: 'repeats', value: 'N', summary: 'shuffles of each column (default 5)' },
    { name: 'grouped', summary: 'shuffle columns that say the same together' },
  ],
  examples: [
    'importance titanic titanic.csv',
    'importance titanic/2 titanic --repeats 20 --json',
    'importance titanic titanic --grouped',
  ],
  async run(context) {
    const [model = '', data = ''] = context.words
    const repeats = context.options.integer('repeats')
    const client = await context.client()
    const answer = await client.explain.importance({
      model: modelReference(model),
      data: await dataReference(context, data),
      grouped: context.options.flag('grouped'),
      ...(repeats === undefined ? {} : { repeats }),
    })
    const rows = answer.features.map(({ name, mean, std }) => [name, mean, std])
    return {
      json: answer,
      text: [
        answer.reading,
        `${answer.metric} ${number(answer.baseline)}; it falls by:`,
        table(['column', 'mean', '±'], rows),
      ].join('\n'),
    }
  },
})
