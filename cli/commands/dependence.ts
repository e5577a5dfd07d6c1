import { verb } from '../command.ts'
import { table } from '../format.ts'
import { dataReference, modelReference } from '../references.ts'

export const dependence = verb({
  name: 'dependence',
  words: 'MODEL DATA',
  summary: 'say how the prediction follows one column, all else as it is',
  options: [
    { name: 'feature', value: 'COLUMN', required: true, summary: 'the column' },
    { name: 'ice', summary: 'one curve a row as well' },
  ],
  examples: ['dependence titanic titanic.csv --feature age', 'dependence titanic titanic --feature fare --ice --json'],
  async run(context) {
    const [model = '', data = ''] = context.words
    const client = await context.client()
    const { feature, grid, mean, curves, classes, counts, kind, reading } = await client.explain.dependence({
      model: modelReference(model),
      data: await dataReference(context, data),
      feature: context.options.required('feature'),
      ice: context.options.flag('ice'),
    })
    const labels = mean.length === 1 ? ['mean prediction'] : classes
    return {
      json: {
        feature,
        kind,
        classes,
        grid,
        // With one output (binary, regression) one line; with several one a class.
        mean: mean.length === 1 ? mean[0] : mean,
        ...(curves === null ? {} : { curves }),
        counts,
        reading,
      },
      text: [
        reading,
        table(
          [feature, ...labels, 'rows'],
          grid.map((value, at) => [
            String(value ?? 'missing'),
            ...mean.map((line) => line[at] ?? Number.NaN),
            counts[at] ?? 0,
          ]),
        ),
      ].join('\n'),
    }
  },
})
