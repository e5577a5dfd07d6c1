import {
  IconBox,
  IconChecklist,
  IconDatabase,
  IconFile,
  IconFlask,
  IconRocket,
  IconTag,
  IconTargetArrow,
} from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import { useMemo, useRef } from 'react'
import type { Lineage } from '../../../shared/domain/models.ts'
import type { PlacedNode } from './lineage-layout.ts'
import { layOutLineage, stepFrom } from './lineage-layout.ts'

type NodeType = Lineage['nodes'][number]['type']

const icons: Readonly<Record<NodeType, typeof IconBox>> = {
  dataset: IconDatabase,
  run: IconFlask,
  version: IconBox,
  alias: IconTag,
  approval: IconChecklist,
  deployment: IconRocket,
  prediction: IconTargetArrow,
  file: IconFile,
}

/** Pixels of a node and of the space around it. */
const box = { width: 190, height: 54, across: 70, down: 14 }

interface LineageGraphProps {
  readonly lineage: Lineage
  readonly chosen: string
  onChoose(id: string): void
  /** Enter, or a double click. */
  onOpen(id: string): void
}

/** The graph from left to right. Arrow keys walk along its edges; one node at a time can be reached with Tab. */
export function LineageGraph({ lineage, chosen, onChoose, onOpen }: LineageGraphProps) {
  const place = useRef<HTMLDivElement>(null)
  const layout = useMemo(() => layOutLineage(lineage), [lineage])
  const tallest = Math.max(...layout.layers.map((layer) => layer.length))
  const width = layout.layers.length * (box.width + box.across) - box.across
  const height = tallest * (box.height + box.down) - box.down
  const near = new Set(lineage.edges.flatMap(({ from, to }) => (from === chosen ? [to] : to === chosen ? [from] : [])))

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = stepFrom(layout, lineage.edges, chosen, event.key)
    if (next === null) return
    event.preventDefault()
    onChoose(next)
    place.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons within
    <div className="lineage" ref={place} onKeyDown={onKeyDown}>
      <div style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          {lineage.edges.map(({ from, to }) => (
            <path
              key={`${from} ${to}`}
              d={edgePath(layout.byId.get(from), layout.byId.get(to), layout.layers)}
              className={from === chosen || to === chosen ? 'near' : undefined}
            />
          ))}
        </svg>
        {layout.layers.flat().map((placed) => {
          const { node } = placed
          const Icon = icons[node.type]
          const { x, y } = positionOf(placed, layout.layers)
          return (
            <button
              key={node.id}
              type="button"
              data-node={node.id}
              className={near.has(node.id) ? 'near' : undefined}
              aria-current={node.id === lineage.focus ? 'true' : undefined}
              aria-pressed={node.id === chosen}
              tabIndex={node.id === chosen ? 0 : -1}
              title={`${node.label}${node.detail === '' ? '' : `\n${node.detail}`}`}
              style={{ left: x, top: y, width: box.width, height: box.height }}
              onClick={() => onChoose(node.id)}
              onDoubleClick={() => onOpen(node.id)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault()
                onOpen(node.id)
              }}
            >
              <Icon size={16} aria-hidden="true" />
              <span>
                <span className="kind">{node.type} </span>
                <strong>{node.label}</strong>
              </span>
            </button>
          )
        })}
      </div>
    </div>
  )
}

function positionOf({ layer, place }: PlacedNode, layers: readonly (readonly PlacedNode[])[]) {
  const tallest = Math.max(...layers.map((each) => each.length))
  // A short column stands in the middle of its height.
  const free = tallest - (layers[layer]?.length ?? 0)
  return { x: layer * (box.width + box.across), y: (place + free / 2) * (box.height + box.down) }
}

function edgePath(
  from: PlacedNode | undefined,
  to: PlacedNode | undefined,
  layers: readonly (readonly PlacedNode[])[],
): string {
  if (!from || !to) return ''
  const [a, b] = [positionOf(from, layers), positionOf(to, layers)]
  const [x0, y0, x1, y1] = [a.x + box.width, a.y + box.height / 2, b.x, b.y + box.height / 2]
  const bend = Math.max(30, (x1 - x0) / 2)
  return `M${x0} ${y0} C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`
}
