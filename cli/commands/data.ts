import { resolve } from 'node:path'
import type { DatasetDetail } from '../../shared/domain/datasets.ts'
import { noun } from '../command.ts'
import { describeLineage } from '../describe-lineage.ts'
import { bytes, number, table } from '../format.ts'
import { columnTypes, importFile } from '../references.ts'

export const data = noun('data', 'Tables: import, look at, export.', [
  {
    name: 'import',
    words: 'FILE',
    summary: 'read a CSV, TSV, Parquet or Arrow file (or one of these in gzip) and profile it',
    options: [
      { name: 'name', value: 'NAME', summary: "the dataset's name (default: the file's)" },
      {
        name: 'type',
        value: 'COLUMN=TYPE',
        repeatable: true,
        summary: 'number, category, text, datetime, boolean or id, where the guess is wrong',
      },
    ],
    examples: ['data import titanic.csv', 'data import sales.csv --name sales --type zip=id --type month=category'],
    async run(context) {
      const [file = ''] = context.words
      const name = context.options.text('name')
      const types = columnTypes(context.options.list('type'))
      const versionId = await importFile(context, file, { name, types })
      const dataset = await (await context.client()).datasets.get({ dataset: versionId })
      return { json: { dataset, warnings: dataset.warnings }, text: describeDataset(dataset) }
    },
  },
  {
    name: 'list',
    words: '',
    summary: 'list the datasets',
    options: [{ name: 'deleted', summary: 'those in the trash' }],
    examples: ['data list', 'data list --json'],
    async run({ client, options }) {
      const { datasets } = await (await client()).datasets.list({ deleted: options.flag('deleted') })
      const rows = datasets.map((dataset) => [
        dataset.name,
        dataset.version,
        dataset.rows,
        dataset.columnCount,
        bytes(dataset.bytes),
        dataset.createdAt.slice(0, 16).replace('T', ' '),
      ])
      return {
        json: { datasets },
        text:
          table(['name', 'version', 'rows', 'columns', 'size', 'imported'], rows) ||
          'There are no datasets. maestro data import FILE makes one.',
      }
    },
  },
  {
    name: 'show',
    words: 'REF',
    summary: 'show a dataset with its columns and warnings',
    options: [],
    examples: ['data show titanic', 'data show titanic/1 --json'],
    async run({ client, words: [reference = ''] }) {
      const dataset = await (await client()).datasets.get({ dataset: reference })
      return { json: { dataset, warnings: dataset.warnings }, text: describeDataset(dataset) }
    },
  },
  {
    name: 'export',
    words: 'REF',
    summary: 'write a dataset to a CSV or Parquet file',
    options: [{ name: 'out', value: 'FILE', required: true, summary: 'a .csv or .parquet file' }],
    examples: ['data export titanic --out titanic.parquet'],
    async run({ client, words: [reference = ''], options }) {
      const out = resolve(options.required('out'))
      const written = await (await client()).datasets.export({ dataset: reference, out })
      return {
        json: { out: written.out, rows: written.rows, bytes: written.bytes },
        text: `${written.out}: ${written.rows} rows, ${bytes(written.bytes)}`,
      }
    },
  },
  {
    name: 'lineage',
    words: 'REF',
    summary: 'show all that came of a dataset: what is affected if it is bad',
    options: [],
    examples: ['data lineage titanic', 'data lineage titanic/1 --json'],
    async run({ client, words: [reference = ''] }) {
      const answer = await (await client()).datasets.lineage({ dataset: reference })
      return { json: answer, text: describeLineage(answer) }
    },
  },
  {
    name: 'delete',
    words: 'REF',
    summary: 'put a dataset into the trash',
    options: [],
    examples: ['data delete titanic'],
    async run({ client, words: [reference = ''] }) {
      const dataset = await (await client()).datasets.delete({ dataset: reference })
      return {
        json: { dataset },
        text: `${dataset.name} is in the trash; maestro data restore ${dataset.name} brings it back.`,
      }
    },
  },
  {
    name: 'restore',
    words: 'REF',
    summary: 'bring a dataset back from the trash',
    options: [],
    examples: ['data restore titanic'],
    async run({ client, words: [reference = ''] }) {
      const dataset = await (await client()).datasets.restore({ dataset: reference })
      return { json: { dataset }, text: `${dataset.name} is back.` }
    },
  },
])

function describeDataset(dataset: DatasetDetail): string {
  const rows = dataset.columns.map((column) => [
    column.name,
    column.type,
    column.missing,
    column.distinct,
    column.numeric
      ? `${number(column.numeric.min)} … ${number(column.numeric.mean)} … ${number(column.numeric.max)}`
      : (column.top ?? [])
          .slice(0, 3)
          .map(({ value, count }) => `${value} (${count})`)
          .join(', '),
  ])
  return [
    `${dataset.name}/${dataset.version}: ${dataset.rows} rows, ${dataset.columnCount} columns, ${bytes(dataset.bytes)}`,
    '',
    table(['column', 'type', 'missing', 'distinct', 'values'], rows),
    ...dataset.warnings.map(({ severity, message, hint }) => `${severity}: ${message} ${hint}`.trimEnd()),
  ].join('\n')
}
