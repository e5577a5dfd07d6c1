import { describe, expect, test } from 'vitest'
import { layOutLineage, stepFrom } from '../../../../../renderer/features/lineage/lineage-layout.ts'
import type { Lineage } from '../../../../../shared/domain/models.ts'

function graph(...edges: string[]): Pick<Lineage, 'nodes' | 'edges'> {
  const pairs = edges.map((edge) => edge.split('>') as [string, string])
  const ids = [...new Set(pairs.flat())]
  return {
    nodes: ids.map((id) => ({ id, type: 'version', label: id, detail: '', href: null })),
    edges: pairs.map(([from, to]) => ({ from, to, label: '' })),
  }
}
const names = (of: Pick<Lineage, 'nodes' | 'edges'>) =>
  layOutLineage(of).layers.map((layer) => layer.map(({ node }) => node.id))

describe('the layout', () => {
  test('puts every node to the right of all that lead to it', () => {
    expect(names(graph('data>run', 'run>version', 'data>version', 'version>alias'))).toEqual([
      ['data'],
      ['run'],
      ['version'],
      ['alias'],
    ])
  })

  test('brings neighbours together, so that edges do not cross', () => {
    expect(names(graph('a>x', 'b>y', 'c>z', 'c>x2', 'a>y2'))).toEqual([
      ['a', 'b', 'c'],
      ['x', 'y2', 'y', 'z', 'x2'],
    ])
  })

  test('ends on a circle, and places every node once', () => {
    const placed = names(graph('a>b', 'b>c', 'c>b'))
      .flat()
      .sort()
    expect(placed).toEqual(['a', 'b', 'c'])
  })
})

test('arrow keys go along edges and within a column, and nowhere at the ends', () => {
  const of = graph('data>run 1', 'data>run 2', 'run 1>version 1', 'run 2>version 2')
  const layout = layOutLineage(of)
  const step = (id: string, key: string) => stepFrom(layout, of.edges, id, key)
  expect(step('data', 'ArrowRight')).toBe('run 1')
  expect(step('run 2', 'ArrowRight')).toBe('version 2')
  expect(step('version 2', 'ArrowLeft')).toBe('run 2')
  expect(step('run 1', 'ArrowDown')).toBe('run 2')
  expect(step('run 2', 'Home')).toBe('run 1')
  expect(step('run 1', 'End')).toBe('run 2')
  expect([step('data', 'ArrowLeft'), step('run 1', 'ArrowUp'), step('version 1', 'ArrowRight')]).toEqual([
    null,
    null,
    null,
  ])
  expect(step('data', 'x')).toBeNull()
  expect(step('nobody', 'End')).toBeNull()
})
