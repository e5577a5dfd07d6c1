import { resolve } from 'node:path'
import { portableExport } from '../../shared/domain/portable-export.ts'
import type { Command } from '../command.ts'
import { assertSucceeded, followJob } from '../follow-job.ts'
import { bytes, table } from '../format.ts'

/** Made apart from the other verbs of `models`, since the portable form is made and compared by a job. */
export const modelsExport: Command = {
  name: 'export',
  words: 'REF',
  summary: 'copy the ONNX file of a version, and everything stored with it, into a folder',
  options: [
    { name: 'out', value: 'DIR', required: true, summary: 'the folder; made if it is not there' },
    {
      name: 'portable',
      summary: 'write the model for older runtimes instead (opset 13, ai.onnx.ml 2), with a report that compares it',
    },
  ],
  examples: ['models export titanic/3 --out titanic-3', 'models export titanic/3 --portable --out titanic-3'],
  async run(context) {
    const { client, words, options } = context
    const [model = ''] = words
    const out = resolve(options.required('out'))
    const connected = await client()
    const listed = (files: readonly { readonly path: string; readonly bytes: number }[]) =>
      table(
        ['file', 'size'],
        files.map(({ path, bytes: size }) => [path, bytes(size)]),
      )
    if (!options.flag('portable')) {
      const answer = await connected.models.export({ model, out })
      return { json: answer, text: listed(answer.files) }
    }
    const { job } = await connected.models.exportPortable({ model, out })
    const answer = portableExport.parse(assertSucceeded(await followJob(context, job)).result)
    const { parity } = answer
    return {
      json: answer,
      text: `${listed(answer.files)}\nONNX against engine: equal on ${parity.rows} rows, largest difference ${parity.maxAbsDiff}`,
    }
  },
}
