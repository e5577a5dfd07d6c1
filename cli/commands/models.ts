import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ModelSummary, VersionDetail } from '../../shared/domain/models.ts'
import { noun } from '../command.ts'
import { describeDiff } from '../describe-diff.ts'
import { describeLineage } from '../describe-lineage.ts'
import { assertSucceeded, followJob } from '../follow-job.ts'
import { bytes, number, table } from '../format.ts'
import { dataReference, existingFile } from '../references.ts'
import { usageError } from '../usage-error.ts'
import { registerResult } from './automl-delivery.ts'
import { modelCard } from './model-card.ts'
import { modelEvidence } from './model-evidence.ts'
import { listVersions, versionOptions } from './model-list.ts'
import { modelNote } from './model-note.ts'
import { modelRetain } from './model-retain.ts'
import { modelsExport } from './models-export.ts'
import { modelsRebuild } from './models-rebuild.ts'

export const models = noun('models', 'Registered models: versions, aliases, tags, lineage, files.', [
  {
    name: 'list',
    words: '',
    summary: 'list the models, or the versions that a filter holds for',
    options: [
      { name: 'search', value: 'TEXT', summary: 'only those whose name has this' },
      { name: 'deleted', summary: 'those in the trash' },
      {
        name: 'filter',
        value: 'EXPR',
        summary: `versions, as "name = 'titanic' and score > 0.8 and tags.team = 'risk'"`,
      },
      { name: 'order', value: 'EXPR', summary: 'of versions, as "score DESC"' },
      { name: 'limit', value: 'N', summary: 'how many versions (default 100)' },
      { name: 'page', value: 'T', summary: 'what the page before gave as nextPage' },
    ],
    examples: ['models list', 'models list --search titanic', `models list --filter "alias = 'production'"`],
    async run({ client, options }) {
      if (versionOptions.some((name) => options.text(name) !== undefined)) return listVersions(await client(), options)
      const answer = await (await client()).models.list({
        deleted: options.flag('deleted'),
        search: options.text('search') ?? '',
      })
      const rows = answer.models.map((model) => {
        const latest = model.versions.find(({ version }) => version === model.latestVersion)
        const aliases = model.versions.flatMap((version) =>
          version.aliases.map((alias) => `${alias}=${version.version}`),
        )
        return [
          model.name,
          model.latestVersion,
          latest?.learner ?? '',
          latest?.metric && latest.score ? `${latest.metric} ${number(latest.score.value)}` : '',
          aliases.join(', '),
          model.updatedAt.slice(0, 16).replace('T', ' '),
        ]
      })
      return {
        json: answer,
        text:
          table(['name', 'latest', 'learner', 'score', 'aliases', 'changed'], rows) ||
          'There are no models. maestro automl DATA --target COLUMN --register NAME makes one.',
      }
    },
  },
  {
    name: 'show',
    words: 'REF',
    summary: 'show a model, or one of its versions',
    options: [],
    examples: ['models show titanic', 'models show titanic/3', 'models show titanic@production --json'],
    async run({ client, words: [reference = ''] }) {
      const { models: calls } = await client()
      if (/[/@]/.test(reference)) {
        const version = await calls.version({ model: reference })
        return { json: { version }, text: describeVersion(version) }
      }
      const model = await calls.get({ name: reference })
      return { json: asModel(model), text: describeModel(model) }
    },
  },
  {
    name: 'register',
    words: 'RUN|FILE',
    summary: 'make a run, or an ONNX file, a version of a model',
    options: [
      {
        name: 'name',
        value: 'NAME',
        required: true,
        summary: 'the model; a new version of it where it is there already',
      },
      { name: 'description', value: 'TEXT', summary: 'what the version is for' },
      {
        name: 'columns',
        value: 'A,B,C',
        summary: 'of an ONNX file: names for its columns, in its order, where the file has none',
      },
      {
        name: 'sample',
        value: 'DATA',
        summary: 'of an ONNX file: rows that it is used on; stores ranges and what drives it',
      },
      {
        name: 'target',
        value: 'COLUMN',
        summary: 'column of the sample with the true answers; stores how good the model is',
      },
      {
        name: 'native-predictions',
        value: 'FILE',
        summary:
          'what the tool that exported it predicts for the sample, a row each (prediction, p_CLASS); stores whether the export does the same',
      },
    ],
    examples: [
      'models register 019f2ab34c5d… --name titanic',
      'models register fraud.onnx --name fraud --columns amount,hour,country',
      'models register fraud.onnx --name fraud --sample test.csv --target fraud --native-predictions sklearn.csv',
    ],
    async run(context) {
      const [given = ''] = context.words
      const isFile = /\.onnx$/i.test(given) || existsSync(given)
      const { models: calls } = await context.client()
      const sample = context.options.text('sample')
      const target = context.options.text('target')
      const native = context.options.text('native-predictions')
      const { job } = await calls.register({
        ...(sample === undefined ? {} : { sample: await dataReference(context, sample) }),
        ...(target === undefined ? {} : { target }),
        ...(native === undefined ? {} : { nativePredictions: { path: existingFile(native) } }),
        name: context.options.required('name'),
        source: isFile ? { path: existingFile(given) } : { runId: given.replace(/^run:/, '') },
        description: context.options.text('description') ?? '',
        columns: context.options.text('columns')?.split(',') ?? [],
      })
      const result = registerResult.parse(assertSucceeded(await followJob(context, job)).result)
      const version = await calls.version({ model: `${result.name}/${result.version}` })
      return { json: { version }, text: describeVersion(version) }
    },
  },
  {
    name: 'alias',
    words: 'REF set|remove ALIAS',
    summary: 'give a version a movable name, or take it away',
    options: [],
    examples: ['models alias titanic/3 set production', 'models alias titanic remove production'],
    async run({ client, words: [reference = '', what, alias = ''] }) {
      const { models: calls } = await client()
      if (what === 'set') {
        const version = await calls.setAlias({ model: reference, alias })
        return { json: { version }, text: `${version.name}@${alias} is ${version.name}/${version.version}.` }
      }
      if (what !== 'remove')
        throw usageError(`An alias can be set or removed, not "${what}".`, 'models alias REF set|remove ALIAS')
      const [name = ''] = reference.split(/[/@]/)
      const model = await calls.removeAlias({ name, alias })
      return { json: asModel(model), text: `${name}@${alias} is no more.` }
    },
  },
  {
    name: 'tag',
    words: 'REF KEY=VALUE',
    summary: 'set a tag of a version; KEY= removes it',
    options: [],
    examples: ['models tag titanic/3 owner=anna', 'models tag titanic/3 owner='],
    async run({ client, words: [reference = '', pair = ''] }) {
      const at = pair.indexOf('=')
      if (at < 1) throw usageError(`"${pair}" is no tag.`, 'Write KEY=VALUE, or KEY= to remove it.')
      const value = pair.slice(at + 1)
      const version = await (await client()).models.tag({
        model: reference,
        key: pair.slice(0, at),
        value: value === '' ? null : value,
      })
      return { json: { version }, text: describeVersion(version) }
    },
  },
  {
    name: 'diff',
    words: 'REF REF',
    summary: 'say what differs between two versions, and which rows they predict differently',
    options: [
      { name: 'data', value: 'DATA', summary: 'rows to compare them on (default: what the second was trained on)' },
      { name: 'out', value: 'FILE', summary: 'also as a page to send: an .html file' },
    ],
    examples: [
      'models diff titanic@production titanic/4',
      'models diff titanic/3 titanic/4 --data test.csv --json',
      'models diff titanic/3 titanic/4 --out titanic-3-4.html',
    ],
    async run(context) {
      const [a = '', b = ''] = context.words
      const given = context.options.text('data')
      const data = given === undefined ? {} : { data: await dataReference(context, given) }
      const { explain } = await context.client()
      const diff = await explain.diff({ a, b, ...data })
      const out = context.options.text('out')
      if (out === undefined) return { json: diff, text: describeDiff(diff) }
      const page = await explain.diffPage({ a, b, ...data, out: resolve(out) })
      return { json: { ...diff, page }, text: `${describeDiff(diff)}\n\n${page.path} (${bytes(page.bytes)})` }
    },
  },
  modelsRebuild,
  modelsExport,
  {
    name: 'delete',
    words: 'REF',
    summary: 'put a version, or a model with all its versions, into the trash',
    options: [],
    examples: ['models delete titanic/2', 'models delete titanic'],
    async run({ client, words: [reference = ''] }) {
      const model = await (await client()).models.delete({ model: reference })
      return {
        json: asModel(model),
        text: `${reference} is in the trash; maestro models restore ${reference} brings it back.`,
      }
    },
  },
  {
    name: 'restore',
    words: 'REF',
    summary: 'bring a version or a model back from the trash',
    options: [],
    examples: ['models restore titanic/2'],
    async run({ client, words: [reference = ''] }) {
      const model = await (await client()).models.restore({ model: reference })
      return { json: asModel(model), text: `${reference} is back.` }
    },
  },
  {
    name: 'lineage',
    words: 'REF',
    summary: 'show what a version came from, and what came of it',
    options: [],
    examples: ['models lineage titanic/3'],
    async run({ client, words: [reference = ''] }) {
      const answer = await (await client()).models.lineage({ model: reference })
      return { json: answer, text: describeLineage(answer) }
    },
  },
  modelCard,
  modelEvidence,
  modelNote,
  modelRetain,
])

/** The shape of the contract: the model by itself, and its versions beside it. */
function asModel({ versions, ...model }: ModelSummary) {
  return { model, versions }
}

function describeModel(model: ModelSummary): string {
  const rows = model.versions.map((version) => [
    version.version,
    version.learner,
    version.metric && version.score ? `${version.metric} ${number(version.score.value)}` : '',
    version.aliases.join(', '),
    version.state === 'none' ? '' : version.state,
    version.deletedAt === null ? '' : 'in the trash',
    version.createdAt.slice(0, 16).replace('T', ' '),
  ])
  return [
    `${model.name}${model.description === '' ? '' : `: ${model.description}`}`,
    table(['version', 'learner', 'score', 'aliases', 'approval', '', 'made'], rows),
  ].join('\n')
}

function describeVersion(version: VersionDetail): string {
  const { signature, parity, score, metric, dataset, source } = version
  const inputs = signature.inputs.map((input) => [
    `  ${input.name}`,
    input.type,
    input.levels?.slice(0, 5).join(', ') ??
      (input.min === null || input.max === null ? '' : `${number(input.min)} … ${number(input.max)}`),
  ])
  return [
    `${version.name}/${version.version}  ${version.digest}`,
    `${version.task}, ${version.learner}${metric && score ? `, ${metric} ${number(score.value)} (95%: ${number(score.low)} to ${number(score.high)})` : ''}`,
    `predicts ${signature.target}${signature.classes.length > 0 ? ` (${signature.classes.slice(0, 10).join(', ')})` : ''} from:`,
    table(['  column', 'type', 'seen'], inputs),
    version.description,
    version.state === 'none' ? '' : `approval: ${version.state}`,
    version.aliases.length > 0 ? `aliases: ${version.aliases.join(', ')}` : '',
    Object.keys(version.tags).length > 0
      ? `tags: ${Object.entries(version.tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(', ')}`
      : '',
    dataset ? `${source.runId ? 'trained on' : 'sample data'} ${dataset.name}/${dataset.version}` : '',
    source.runId ? `run ${source.runId}` : (source.file ?? ''),
    version.nativeParity?.reading ?? '',
    parity ? `ONNX against engine: ${parity.passed ? 'equal' : 'DIFFERENT'} on ${parity.rows} rows` : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
}
