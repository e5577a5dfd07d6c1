import { verb } from '../command.ts'

export const seed = verb({
  name: 'seed',
  words: '',
  summary: 'make the sample project: tables, and models trained on two of them',
  options: [],
  examples: ['seed'],
  async run({ client }) {
    const made = await (await client()).workspace.seed()
    return {
      json: made,
      text: `datasets: ${made.datasets.join(', ') || 'none new'}\nmodels: ${made.models.join(', ') || 'none new'}`,
    }
  },
})
