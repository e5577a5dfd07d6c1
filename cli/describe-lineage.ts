import type { Lineage } from '../shared/domain/models.ts'

/** Every edge as a line, from the first cause to the last effect. */
export function describeLineage({ nodes, edges, complete }: Lineage): string {
  const labels = new Map(
    nodes.map(({ id, type, label, detail }) => [id, `${type} ${label}${detail && ` (${detail})`}`]),
  )
  const lines = edges.map(({ from, to, label }) => `${labels.get(from) ?? from} --${label}--> ${labels.get(to) ?? to}`)
  if (lines.length === 0) lines.push(`Nothing led to ${nodes[0]?.label ?? 'it'}, and nothing came of it.`)
  return [...lines, ...(complete ? [] : ['There is more; ask from one of the last nodes.'])].join('\n')
}
