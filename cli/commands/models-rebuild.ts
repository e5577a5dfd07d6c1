import type { RebuildResult } from '../../shared/domain/recipes.ts'
import { rebuildResult } from '../../shared/domain/recipes.ts'
import type { Command } from '../command.ts'
import { assertSucceeded, followJob } from '../follow-job.ts'
import { table } from '../format.ts'

/** Rebuilt, but not the same bytes. */
const differentExit = 6

/** Made apart from the other verbs of `models`, since it is a job with an exit code of its own. */
export const modelsRebuild: Command = {
  name: 'rebuild',
  words: 'REF',
  summary: 'train a version again by its recipe and compare the files byte by byte',
  options: [
    {
      name: 'threads',
      value: 'N',
      summary: 'worker threads (default: as many as cores); the bytes do not depend on it',
    },
    {
      name: 'kernels',
      value: 'KIND',
      choices: ['wasm', 'plain'],
      summary: 'inner loops in WebAssembly or TypeScript (default: wasm); the bytes do not depend on it',
    },
  ],
  examples: ['models rebuild titanic/3', 'models rebuild titanic@production --threads 1 --kernels plain --json'],
  async run(context) {
    const [model = ''] = context.words
    const { job } = await (await context.client()).models.rebuild({
      model,
      threads: context.options.integer('threads') ?? 0,
      kernels: context.options.text('kernels') === 'plain' ? 'plain' : 'wasm',
    })
    const result = rebuildResult.parse(assertSucceeded(await followJob(context, job)).result)
    return { json: result, text: describeRebuild(result), exitCode: result.identical ? 0 : differentExit }
  },
}

function describeRebuild({
  model,
  version,
  identical,
  digest,
  rebuiltDigest,
  differences,
  fits,
}: RebuildResult): string {
  const what = `${model}/${version} was trained again (${fits} ${fits === 1 ? 'fit' : 'fits'})`
  if (identical) return `${what}: the file is identical, ${digest}.`
  return [
    `${what}: the file is DIFFERENT.`,
    `registered ${digest}`,
    `rebuilt    ${rebuiltDigest}`,
    table(
      ['what', 'recorded', 'rebuilt'],
      differences.map(({ what: part, recorded, rebuilt }) => [part, recorded, rebuilt]),
    ),
  ].join('\n')
}
