import { describe, expect, test } from 'vitest'
import type { ForeignColumn } from '../../../../../engine/onnx/reader/foreign-interface.ts'
import { foreignInterface } from '../../../../../engine/onnx/reader/foreign-interface.ts'
import { readOnnx } from '../../../../../engine/onnx/reader/read-onnx.ts'
import { spacedTexts } from '../../../../../engine/onnx/reader/spaced-texts.ts'
import type { ModelParts } from '../../../../fixtures/foreign-models.ts'
import { foreignModel } from '../../../../fixtures/foreign-models.ts'

type Node = ModelParts['nodes'][number]

const ml = 'ai.onnx.ml'
const hot = (input: string, output: string, categories: readonly string[]): Node => ({
  operator: 'OneHotEncoder',
  domain: ml,
  inputs: [input],
  outputs: [output],
  attributes: { cats_strings: { texts: categories } },
})

/** What is known of the texts of a graph with columns `a` and `b` side by side in `x`, and `c` alone. */
function known(nodes: readonly Node[], constants: ModelParts['constants'] = []) {
  const { graph } = readOnnx(
    foreignModel({
      nodes,
      constants,
      inputs: [
        ['x', 'string', ['n', 2]],
        ['c', 'string', ['n', 1]],
      ],
      outputs: [['y', 'float', ['n', 2]]],
    }),
  )
  if (graph === null) throw new Error('no graph')
  return spacedTexts(graph).map(({ input, at, spellings, unreachable }) => ({
    column: `${input}${at}`,
    spellings: Object.fromEntries(spellings),
    unreachable,
  }))
}

/** One column of a joined table of texts, as scikit-learn's exports have it. */
const column = (from: string, place: string, to: string): Node => ({
  operator: 'ArrayFeatureExtractor',
  domain: ml,
  inputs: [from, place],
  outputs: [to],
})
const places: ModelParts['constants'] = [0, 1, 2].map(
  (place) => [`place${place}`, { type: 'int64', shape: [1], values: [place] }] as const,
)

describe('texts that a model knows with white space around', () => {
  test('stand for what a table has in their place', () => {
    expect(known([hot('c', 'y', [' Private', 'State-gov', ' Self-emp\t'])])).toEqual([
      { column: 'c0', spellings: { Private: ' Private', 'Self-emp': ' Self-emp\t' }, unreachable: [] },
    ])
  })

  test('are none where all are as tables have them', () => {
    expect(known([hot('c', 'y', ['Private', '?', '', 'a b'])])).toEqual([])
  })

  test('that are read as no value stand for it', () => {
    expect(known([hot('c', 'y', [' Private', ' ?'])])).toEqual([
      { column: 'c0', spellings: { Private: ' Private', '': ' ?' }, unreachable: [] },
    ])
  })

  test('are not reached where the model tells them from another that is read alike', () => {
    expect(known([hot('c', 'y', [' a', 'a', ' b', 'b ', ' c', '', ' NA'])])).toEqual([
      { column: 'c0', spellings: { c: ' c' }, unreachable: [' a', ' b', 'b ', ' NA'] },
    ])
  })

  test('are those of their own column, seen through what only hands texts on', () => {
    const nodes: Node[] = [
      { operator: 'Identity', inputs: ['x'], outputs: ['x1'] },
      { operator: 'Concat', inputs: ['c', 'x1'], outputs: ['all'], attributes: { axis: { integer: 1 } } },
      column('all', 'place1', 'a'),
      column('all', 'place2', 'b'),
      hot('a', 'hotA', [' no', ' yes']),
      hot('b', 'hotB', ['no']),
      { operator: 'Concat', inputs: ['hotA', 'hotB'], outputs: ['y'], attributes: { axis: { integer: 2 } } },
    ]
    expect(known(nodes, places)).toEqual([{ column: 'x0', spellings: { no: ' no', yes: ' yes' }, unreachable: [] }])
  })

  test('are those of all columns that cannot be told apart', () => {
    const nodes: Node[] = [
      { operator: 'Transpose', inputs: ['x'], outputs: ['turned'], attributes: { perm: { integers: [1, 0] } } },
      hot('turned', 'y', [' no']),
    ]
    expect(known(nodes).map((each) => each.column)).toEqual(['x0', 'x1'])
  })

  test('count where they are compared one by one, or looked up', () => {
    const nodes: Node[] = [
      { operator: 'Equal', inputs: ['c', 'level'], outputs: ['is'] },
      {
        operator: 'LabelEncoder',
        domain: ml,
        inputs: ['x'],
        outputs: ['y'],
        attributes: { keys_strings: { texts: [' low'] }, values_floats: { floats: [1] } },
      },
    ]
    const constants: ModelParts['constants'] = [['level', { type: 'string', shape: [1], values: [' high'] }]]
    expect(known(nodes, constants).map(({ column: name, spellings }) => [name, spellings])).toEqual([
      ['x0', { low: ' low' }],
      ['x1', { low: ' low' }],
      ['c0', { high: ' high' }],
    ])
  })

  test('are left alone where the model does more with the column than compare it', () => {
    const nodes: Node[] = [hot('c', 'y', [' a']), { operator: 'StringNormalizer', inputs: ['c'], outputs: ['lower'] }]
    expect(known(nodes)).toEqual([])
  })

  test('are left alone where nodes come before those that they read', () => {
    const nodes: Node[] = [hot('later', 'y', [' a']), { operator: 'Identity', inputs: ['c'], outputs: ['later'] }]
    expect(known(nodes)).toEqual([])
  })

  test('keep nobody waiting however often columns are joined', () => {
    const doubled = Array.from({ length: 40 }, (_, at): Node => {
      const from = at === 0 ? 'x' : `x${at}`
      return { operator: 'Concat', inputs: [from, from], outputs: [`x${at + 1}`], attributes: { axis: { integer: 1 } } }
    })
    expect(known([...doubled, hot('x40', 'y', [' a'])]).map((each) => each.column)).toEqual(['x0', 'x1'])
  })
})

test('are part of how a model is used, by column', () => {
  const bytes = foreignModel({
    nodes: [hot('c', 'y', [' a'])],
    inputs: [
      ['x', 'float', ['n', 1]],
      ['c', 'string', ['n', 1]],
    ],
    outputs: [['y', 'float', ['n', 1]]],
  })
  const columns: ForeignColumn[] = foreignInterface(readOnnx(bytes)).inputs.flatMap((input) => input.columns)
  expect(columns).toEqual([
    { name: 'x', type: 'number' },
    { name: 'c', type: 'category', spellings: [['a', ' a']] },
  ])
})
