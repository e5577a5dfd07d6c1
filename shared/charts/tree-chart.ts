import type { Surrogate } from '../domain/inspections.ts'
import type { Cell } from '../domain/values.ts'
import type { ChartOption, Look } from './look.ts'
import { baseOption, short } from './look.ts'

type Node = Surrogate['nodes'][number]

interface Placed {
  readonly node: Node
  readonly x: number
  readonly depth: number
  /** Answer that leads here, and where from. */
  readonly answer: string
  readonly from: { readonly x: number; readonly depth: number } | null
}

const boxHeight = 40

/** A small tree from its root at the top to its leaves: a question a box, the mean prediction and rows below it. */
export function treeChart(surrogate: Pick<Surrogate, 'nodes' | 'output'>, look: Look): ChartOption {
  const placed = place(surrogate.nodes)
  const leaves = placed.filter(({ node }) => node.feature === null).length
  const depth = placed.reduce((most, each) => Math.max(most, each.depth), 0)
  const values = surrogate.nodes.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const shade = (value: number) =>
    look.ramp[Math.min(look.ramp.length - 1, Math.floor(((value - low) / (high - low || 1)) * look.ramp.length))] ??
    look.muted
  return {
    ...baseOption(look),
    grid: { left: 4, right: 4, top: 4, bottom: 4 },
    xAxis: { type: 'value', show: false, min: -0.5, max: leaves - 0.5, name: surrogate.output },
    yAxis: { type: 'value', show: false, inverse: true, min: -0.4, max: depth + 0.4 },
    series: [
      {
        type: 'custom',
        data: placed.map(({ node, x, depth: y, answer }) => ({
          value: [x, y, node.value],
          name: `${answer === '' ? '' : `${answer}: `}${short(node.value)} (${node.rows} rows)`,
        })),
        renderItem: (
          { dataIndex }: { dataIndex: number },
          api: { coord(point: number[]): number[]; size(of: number[]): number[] },
        ) => {
          const { node, x, depth: y, answer, from } = placed[dataIndex] as Placed
          const [cx = 0, cy = 0] = api.coord([x, y])
          const width = Math.max(64, Math.min(150, (api.size([1, 0])[0] ?? 100) * 0.92))
          const [fx = 0, fy = 0] = from ? api.coord([from.x, from.depth]) : [cx, cy]
          const top = cy - boxHeight / 2
          return {
            type: 'group',
            children: [
              ...(from
                ? [
                    {
                      type: 'polyline',
                      z2: 0,
                      shape: {
                        points: [
                          [fx, fy + boxHeight / 2],
                          [cx, top],
                        ],
                      },
                      style: { stroke: look.muted, fill: 'none' },
                    },
                    label(abbreviate(answer), cx, top - 8, null, look.text, 10, look.background),
                  ]
                : []),
              {
                type: 'rect',
                z2: 1,
                shape: { x: cx - width / 2, y: top, width, height: boxHeight, r: 4 },
                style: { fill: look.background, stroke: shade(node.value), lineWidth: 2 },
              },
              label(
                node.feature === null ? short(node.value) : `${node.feature}?`,
                cx,
                cy - 7,
                width - 8,
                look.text,
                12,
              ),
              label(
                node.feature === null ? `${node.rows} rows` : `${short(node.value)} · ${node.rows} rows`,
                cx,
                cy + 9,
                width - 8,
                look.text,
                10,
              ),
            ],
          }
        },
      },
    ],
  }
}

function label(
  text: string,
  x: number,
  y: number,
  width: number | null,
  fill: string,
  fontSize: number,
  backgroundColor?: string,
) {
  const fitted = width === null ? {} : { width, overflow: 'truncate' }
  const style = { text, x, y, fill, fontSize, ...fitted, align: 'center', verticalAlign: 'middle' }
  return { type: 'text', z2: 2, style: backgroundColor ? { ...style, backgroundColor } : style }
}

/** Answers are read between boxes, which leave room for so much. */
function abbreviate(answer: string): string {
  return answer.length <= 24 ? answer : `${answer.slice(0, 23)}…`
}

/** Leaves side by side, each question above the middle of its answers. */
function place(nodes: readonly Node[]): Placed[] {
  const placed: Placed[] = []
  let nextLeaf = 0
  const visit = (at: number, depth: number, answer: string): number => {
    const node = nodes[at] as Node
    if (node.left === null || node.right === null) {
      placed.push({ node, x: nextLeaf, depth, answer, from: null })
      return nextLeaf++
    }
    const yes = visit(node.left, depth + 1, answerOf(node))
    const middle = placed.length
    const no = visit(node.right, depth + 1, node.levels ? 'otherwise' : `> ${cellText(node.threshold)}`)
    const x = (yes + no) / 2
    // The child of a subtree is the last that it placed.
    for (const child of [middle - 1, placed.length - 1]) {
      placed[child] = { ...(placed[child] as Placed), from: { x, depth } }
    }
    placed.push({ node, x, depth, answer, from: null })
    return x
  }
  if (nodes.length > 0) visit(0, 0, '')
  return placed
}

function answerOf({ levels, threshold }: Node): string {
  return levels ? levels.join(' or ') : `≤ ${cellText(threshold)}`
}

function cellText(cell: Cell): string {
  return typeof cell === 'number' ? short(cell) : String(cell ?? 'missing')
}
