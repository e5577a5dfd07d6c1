import type { Lineage } from '../../../shared/domain/models.ts'
import type { LineageEdge, LineageNode, LineageRows, LineageStep } from './lineage-rows.ts'

/** Nodes of one answer; beyond it a picture says nothing, and the rest is asked for from another node. */
const mostNodes = 2_000

/** Everything that led to a node, and everything that came of it. Nodes stand in the order in which they were reached. */
export function walkLineage(rows: Pick<LineageRows, 'before' | 'after'>, focus: LineageNode): Lineage {
  const nodes = new Map<string, LineageNode>([[focus.id, focus]])
  const edges = new Map<string, LineageEdge>()
  let complete = true

  function walk(
    next: (node: LineageNode) => readonly LineageStep[],
    toEdge: (of: string, other: string) => Edge,
  ): void {
    const seen = new Set([focus.id])
    let front = [focus]
    while (front.length > 0) {
      const reached: LineageNode[] = []
      for (const from of front) {
        for (const { node, label } of next(from)) {
          if (!nodes.has(node.id) && nodes.size >= mostNodes) {
            complete = false
            continue
          }
          nodes.set(node.id, node)
          const edge = toEdge(from.id, node.id)
          edges.set(`${edge.from} ${edge.to}`, { ...edge, label })
          if (seen.has(node.id)) continue
          seen.add(node.id)
          reached.push(node)
        }
      }
      front = reached
    }
  }

  walk(rows.before, (of, other) => ({ from: other, to: of }))
  walk(rows.after, (of, other) => ({ from: of, to: other }))
  return { focus: focus.id, nodes: [...nodes.values()], edges: [...edges.values()], complete }
}

interface Edge {
  readonly from: string
  readonly to: string
}
