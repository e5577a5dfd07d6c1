import type { GraphNode } from '../../../shared/domain/model-graph.ts'

export const boxWidth = 190
export const boxHeight = 46
const gapX = 24
const gapY = 42
/** As many alike in one layer are drawn as one box until it is opened. */
const collapsedFrom = 4

/** One box: a node, or several alike of one layer. */
export interface GraphBox {
  readonly key: string
  readonly nodes: readonly GraphNode[]
  readonly x: number
  readonly y: number
}

export interface GraphEdge {
  readonly key: string
  readonly from: GraphBox
  readonly to: GraphBox
}

export interface GraphLayout {
  readonly boxes: readonly GraphBox[]
  readonly edges: readonly GraphEdge[]
  readonly width: number
  readonly height: number
}

/**
 * Places nodes in layers from the inputs downwards. Nodes of one layer with the same operator are one box unless the box's
 * key is in `opened`.
 */
export function layoutGraph(nodes: readonly GraphNode[], opened: ReadonlySet<string>): GraphLayout {
  const layers = new Map<number, GraphNode[]>()
  for (const node of nodes) layers.set(node.layer, [...(layers.get(node.layer) ?? []), node])
  const ordered = [...layers.entries()].sort(([a], [b]) => a - b)
  const boxes: GraphBox[] = []
  let width = 0
  for (const [row, [layer, ofLayer]] of ordered.entries()) {
    let x = 0
    for (const { key, nodes: alike } of groupsOf(layer, ofLayer, opened)) {
      boxes.push({ key, nodes: alike, x, y: row * (boxHeight + gapY) })
      x += boxWidth + gapX
    }
    width = Math.max(width, x - gapX)
  }
  return { boxes, edges: edgesOf(boxes), width, height: Math.max(0, ordered.length * (boxHeight + gapY) - gapY) }
}

function groupsOf(layer: number, nodes: readonly GraphNode[], opened: ReadonlySet<string>) {
  const groups = new Map<string, GraphNode[]>()
  for (const node of nodes) {
    const key = `${layer} ${node.domain} ${node.operator}`
    groups.set(key, [...(groups.get(key) ?? []), node])
  }
  return [...groups].flatMap(([key, alike]) =>
    alike.length < collapsedFrom || opened.has(key)
      ? alike.map((node) => ({ key: `${key} ${node.id}`, nodes: [node] }))
      : [{ key, nodes: alike }],
  )
}

/** An edge from each box that writes a value to each that reads it; constants have no box. */
function edgesOf(boxes: readonly GraphBox[]): GraphEdge[] {
  const writers = new Map(
    boxes.flatMap((box) => box.nodes.flatMap(({ outputs }) => outputs.map(({ name }) => [name, box] as const))),
  )
  const edges = new Map<string, GraphEdge>()
  for (const to of boxes) {
    for (const { inputs } of to.nodes) {
      for (const { name } of inputs) {
        const from = writers.get(name)
        if (!from || from === to) continue
        const key = `${from.key} > ${to.key}`
        edges.set(key, { key, from, to })
      }
    }
  }
  return [...edges.values()]
}
