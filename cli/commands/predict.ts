import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { predictionWarning } from '../../shared/domain/models.ts'
import type { CommandContext, CommandResult } from '../command.ts'
import { verb } from '../command.ts'
import { assertSucceeded, followJob } from '../follow-job.ts'
import { seconds } from '../format.ts'
import { existingFile, isPath, modelReference } from '../references.ts'
import { usageError } from '../usage-error.ts'

/** What a predict job leaves in its result. */
const predictResult = z.object({
  rows: z.int(),
  seconds: z.number(),
  out: z.string(),
  warnings: z.array(predictionWarning.partial({ message: true }).loose()),
  /** Of all rows, where `warnings` stops at some per kind. */
  warningCounts: z.array(z.object({ column: z.string(), code: predictionWarning.shape.code, rows: z.int() })),
  rejected: z.int(),
})

export const predict = verb({
  name: 'predict',
  words: 'MODEL DATA',
  summary: 'score a table with a model, a version, an alias or an .onnx file',
  options: [{ name: 'out', value: 'FILE.csv', summary: 'where the predictions go (default: standard output)' }],
  examples: [
    'predict titanic passengers.csv --out predictions.csv',
    'predict titanic@production passengers.csv | head',
    'predict titanic.onnx titanic/2 --out predictions.csv --json',
  ],
  async run(context) {
    const out = context.options.text('out')
    if (out !== undefined) return predictTo(context, resolve(out))
    if (context.json)
      throw usageError('--json needs --out.', 'Standard output has room for one: the predictions or the JSON.')
    const folder = mkdtempSync(join(tmpdir(), 'maestro-predict-'))
    try {
      const path = join(folder, 'predictions.csv')
      const { json } = await predictTo(context, path)
      await pipeline(createReadStream(path), process.stdout, { end: false })
      return { json, text: '' }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})

async function predictTo(context: CommandContext, out: string): Promise<CommandResult> {
  const [model = '', data = ''] = context.words
  const client = await context.client()
  const { job } = await client.predict.file({
    model: modelReference(model),
    data: isPath(data) ? existingFile(data) : data,
    out,
  })
  const result = predictResult.parse(assertSucceeded(await followJob(context, job)).result)
  for (const line of warningLines(result.warningCounts)) context.note(line)
  return {
    json: { ...result, out },
    text: `${out}: ${result.rows} rows in ${seconds(result.seconds)}${result.rejected > 0 ? `, ${result.rejected} rejected` : ''}`,
  }
}

/** One line a column and kind, with how many rows it concerns. */
function warningLines(counts: z.infer<typeof predictResult>['warningCounts']): string[] {
  return counts.map(({ column, code, rows }) => {
    const kind = `warning: ${column}: ${code.toLowerCase().replaceAll('_', ' ')}`
    // The table has such a column or not: that is no matter of rows.
    return code === 'EXTRA_COLUMN' || code === 'MISSING_COLUMN'
      ? kind
      : `${kind} in ${rows} row${rows === 1 ? '' : 's'}`
  })
}
