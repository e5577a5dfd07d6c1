import { expect, test } from 'vitest'
import { boxHeight, boxWidth, layoutGraph } from '../../../../../renderer/features/models/graph-layout.ts'
import type { GraphNode } from '../../../../../shared/domain/model-graph.ts'

function node(id: number, operator: string, layer: number, inputs: string[], outputs: string[]): GraphNode {
  const value = (name: string) => ({ name, type: null, shape: null })
  return {
    id,
    name: '',
    operator,
    domain: '',
    layer,
    inputs: inputs.map((name) => ({ ...value(name), constant: false })),
    outputs: outputs.map(value),
    attributes: [],
  }
}

const nodes = [
  ...Array.from({ length: 5 }, (_, at) => node(at, 'TreeEnsembleRegressor', 0, ['x'], [`t${at}`])),
  node(5, 'Sum', 1, ['t0', 't1', 't2', 't3', 't4'], ['y']),
]

test('several alike in a layer are one box with one edge until they are opened', () => {
  const folded = layoutGraph(nodes, new Set())
  expect(folded.boxes.map((box) => box.nodes.length)).toEqual([5, 1])
  expect(folded.edges).toHaveLength(1)
  const opened = layoutGraph(nodes, new Set([folded.boxes[0]?.key ?? '']))
  expect(opened.boxes.map((box) => box.nodes.length)).toEqual([1, 1, 1, 1, 1, 1])
  expect(opened.edges).toHaveLength(5)
  expect(opened.width).toBeGreaterThan(folded.width)
})

test('no two boxes overlap, and all lie inside', () => {
  const opened = layoutGraph(nodes, new Set(['0  TreeEnsembleRegressor']))
  expect(opened.boxes).toHaveLength(6)
  for (const [at, a] of opened.boxes.entries()) {
    expect(a.x + boxWidth).toBeLessThanOrEqual(opened.width)
    expect(a.y + boxHeight).toBeLessThanOrEqual(opened.height)
    for (const b of opened.boxes.slice(at + 1)) {
      expect(Math.abs(a.x - b.x) >= boxWidth || Math.abs(a.y - b.y) >= boxHeight).toBe(true)
    }
  }
})
