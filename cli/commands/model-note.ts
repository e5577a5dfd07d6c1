import type { Command } from '../command.ts'

/** `models note`: what a model, or one of its versions, is for, in words. */
export const modelNote: Command = {
  name: 'note',
  words: 'REF TEXT',
  summary: 'write what a model, or one of its versions, is for (Markdown); an empty text removes it',
  options: [],
  examples: [
    'models note titanic "Who survives, for **teaching** only."',
    'models note titanic/3 "Without the cabin."',
  ],
  async run({ client, words: [reference = '', description = ''] }) {
    const { versions, ...model } = await (await client()).models.update({ model: reference, description })
    return {
      json: { model, versions },
      text: description === '' ? `The note on ${reference} is gone.` : `The note on ${reference} is written.`,
    }
  },
}
