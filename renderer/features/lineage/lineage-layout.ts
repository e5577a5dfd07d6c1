import type { Lineage } from '../../../shared/domain/models.ts'

export interface PlacedNode {
  readonly node: Lineage['nodes'][number]
  /** Column, counted from what came first. */
  readonly layer: number
  /** Place in its column, from the top. */
  readonly place: number
}

export interface LineageLayout {
  readonly layers: readonly (readonly PlacedNode[])[]
  readonly byId: ReadonlyMap<string, PlacedNode>
}

/** Rounds over the columns in which nodes move towards what they are tied to; more change nothing to see. */
const sweeps = 4

/**
 * Columns from left to right, each node one further than the furthest that leads to it, so that every edge goes to the
 * right; within a column nodes stand where their neighbours are (barycentre method of Sugiyama, Tagawa and Toda, 1981).
 */
export function layOutLineage({ nodes, edges }: Pick<Lineage, 'nodes' | 'edges'>): LineageLayout {
  const layerOf = layersOf(nodes, edges)
  const columns: string[][] = []
  for (const { id } of nodes) {
    const layer = layerOf.get(id) ?? 0
    while (columns.length <= layer) columns.push([])
    columns[layer]?.push(id)
  }
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0
    for (const column of forward ? columns : [...columns].reverse()) order(column, edges, columns, forward)
  }
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const layers = columns.map((column, layer) =>
    column.map((id, place) => ({ node: nodeOf.get(id) as Lineage['nodes'][number], layer, place })),
  )
  return { layers, byId: new Map(layers.flat().map((placed) => [placed.node.id, placed])) }
}

/** Longest way from a node without predecessors; edges of a circle, which cannot be drawn to the right, are cut. */
function layersOf(nodes: Lineage['nodes'], edges: Lineage['edges']): Map<string, number> {
  const waiting = new Map(nodes.map(({ id }) => [id, edges.filter(({ to }) => to === id).length]))
  const next = new Map<string, string[]>()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const layerOf = new Map<string, number>()
  const ready = nodes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id)
  for (const id of ready) layerOf.set(id, 0)
  for (let at = 0; at < ready.length; at++) {
    const id = ready[at] as string
    for (const to of next.get(id) ?? []) {
      layerOf.set(to, Math.max(layerOf.get(to) ?? 0, (layerOf.get(id) ?? 0) + 1))
      const left = (waiting.get(to) ?? 0) - 1
      waiting.set(to, left)
      if (left === 0) ready.push(to)
    }
  }
  return layerOf
}

function order(column: string[], edges: Lineage['edges'], columns: readonly string[][], forward: boolean): void {
  const share = new Map(columns.flatMap((ids) => ids.map((id, at) => [id, (at + 0.5) / ids.length] as const)))
  const centre = new Map(
    column.map((id) => {
      const neighbours = edges.flatMap(({ from, to }) =>
        forward ? (to === id ? [from] : []) : from === id ? [to] : [],
      )
      const sum = neighbours.reduce((total, other) => total + (share.get(other) ?? 0.5), 0)
      return [id, neighbours.length === 0 ? (share.get(id) ?? 0.5) : sum / neighbours.length]
    }),
  )
  column.sort((a, b) => (centre.get(a) ?? 0) - (centre.get(b) ?? 0))
}

/** Where an arrow key leads: along an edge to the left or right, or to the neighbour in the column. Null: nowhere. */
export function stepFrom(layout: LineageLayout, edges: Lineage['edges'], id: string, key: string): string | null {
  const placed = layout.byId.get(id)
  if (!placed) return null
  const nearest = (ids: readonly string[]) =>
    ids
      .map((each) => layout.byId.get(each))
      .filter((each) => each !== undefined)
      .sort((a, b) => Math.abs(a.place - placed.place) - Math.abs(b.place - placed.place))[0]?.node.id ?? null
  const column = layout.layers[placed.layer] ?? []
  switch (key) {
    case 'ArrowRight':
      return nearest(edges.filter(({ from }) => from === id).map(({ to }) => to))
    case 'ArrowLeft':
      return nearest(edges.filter(({ to }) => to === id).map(({ from }) => from))
    case 'ArrowDown':
      return column[placed.place + 1]?.node.id ?? null
    case 'ArrowUp':
      return column[placed.place - 1]?.node.id ?? null
    case 'Home':
      return column[0]?.node.id ?? null
    case 'End':
      return column.at(-1)?.node.id ?? null
    default:
      return null
  }
}
