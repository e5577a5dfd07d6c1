import { Anchor, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { GraphNode, ModelGraph } from '../../../shared/domain/model-graph.ts'
import { useClient } from '../../api/client-context.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import type { GraphBox } from './graph-layout.ts'
import { boxHeight, boxWidth, layoutGraph } from './graph-layout.ts'

/** What the model's file computes, operator by operator. */
export function GraphTab({ model }: { readonly model: string }) {
  const client = useClient()
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, 200)
  const graph = useQuery({
    queryKey: ['models', 'graph', model, asked],
    queryFn: () => client.models.graph({ model, search: asked }),
    placeholderData: keepPreviousData,
  })
  return (
    <Stack>
      <TextInput
        type="search"
        aria-label="Search the graph"
        placeholder="Search operators, names and values"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={420}
      />
      <Loaded query={graph}>{(data) => <GraphView graph={data} />}</Loaded>
    </Stack>
  )
}

function GraphView({ graph }: { readonly graph: ModelGraph }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<number | null>(null)
  const layout = useMemo(() => layoutGraph(graph.nodes, opened), [graph.nodes, opened])
  const node = graph.nodes.find(({ id }) => id === chosen) ?? graph.nodes[0] ?? null
  const press = (box: GraphBox) => {
    const [first] = box.nodes
    if (box.nodes.length > 1) setOpened(new Set([...opened, box.key]))
    else if (first) setChosen(first.id)
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {describeGraph(graph)}
        {opened.size > 0 && (
          <>
            {' '}
            <Anchor component="button" size="sm" onClick={() => setOpened(new Set())}>
              Fold what is alike
            </Anchor>
          </>
        )}
      </Text>
      {graph.nodes.length === 0 ? (
        <EmptyState title="Nothing found">No operator, name or value of this graph has that text.</EmptyState>
      ) : (
        <div className="graph-split">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
          <section className="graph-canvas card" aria-label="Graph of the model" tabIndex={0}>
            <div className="graph-plane" style={{ width: layout.width, height: layout.height }}>
              <svg width={layout.width} height={layout.height} aria-hidden="true">
                {layout.edges.map(({ key, from, to }) => (
                  <path key={key} className="graph-edge" d={edgePath(from, to)} />
                ))}
              </svg>
              {layout.boxes.map((box) => (
                <Box key={box.key} box={box} chosen={node} onPress={press} />
              ))}
            </div>
          </section>
          {node && <NodeCard node={node} />}
        </div>
      )}
    </Stack>
  )
}

function Box({
  box,
  chosen,
  onPress,
}: {
  readonly box: GraphBox
  readonly chosen: GraphNode | null
  readonly onPress: (box: GraphBox) => void
}) {
  const [first] = box.nodes
  if (!first) return null
  const isOne = box.nodes.length === 1
  return (
    <button
      type="button"
      className="graph-node"
      aria-pressed={isOne && first.id === chosen?.id}
      style={{ left: box.x, top: box.y, width: boxWidth, height: boxHeight }}
      onClick={() => onPress(box)}
    >
      <span className="graph-operator">{isOne ? first.operator : `${box.nodes.length} × ${first.operator}`}</span>
      <span className="graph-detail">{isOne ? shapeOf(first.outputs[0]) || first.name : 'show them'}</span>
    </button>
  )
}

function edgePath(from: GraphBox, to: GraphBox): string {
  const [x1, y1] = [from.x + boxWidth / 2, from.y + boxHeight]
  const [x2, y2] = [to.x + boxWidth / 2, to.y]
  const middle = (y1 + y2) / 2
  return `M${x1},${y1} C${x1},${middle} ${x2},${middle} ${x2},${y2}`
}

function describeGraph({ producer, operatorSets, total, found, nodes, constants }: ModelGraph): string {
  const sets = operatorSets.map(({ domain, version }) => `${domain === '' ? 'ai.onnx' : domain} ${version}`).join(', ')
  const listed = nodes.length < found ? `, the first ${nodes.length.toLocaleString('en')} shown` : ''
  const matching = found < total ? `${found.toLocaleString('en')} of ` : ''
  return [
    `${matching}${total.toLocaleString('en')} nodes${listed}`,
    `${constants.elements.toLocaleString('en')} numbers in ${constants.count.toLocaleString('en')} constants`,
    producer === '' ? '' : `written by ${producer}`,
    `operators of ${sets}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

function shapeOf(value: { readonly shape: ModelGraph['inputs'][number]['shape'] } | undefined): string {
  return value?.shape?.join(' × ') ?? ''
}

function NodeCard({ node }: { readonly node: GraphNode }) {
  return (
    <section className="card graph-side" aria-label={`Node ${node.operator}`}>
      <Stack gap="xs">
        <Text fw={600} component="h2" size="md" m={0}>
          {node.operator}
        </Text>
        <Text size="sm" c="dimmed">
          {[node.domain, node.name, `node ${node.id}`].filter((part) => part !== '').join(' · ')}
        </Text>
        <Values title="Inputs" values={node.inputs} />
        <Values title="Outputs" values={node.outputs} />
        {node.attributes.length > 0 && (
          <Table aria-label="Attributes" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Attribute</Table.Th>
                <Table.Th>Value</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {node.attributes.map(({ name, text }) => (
                <Table.Tr key={name}>
                  <Table.Td className="graph-text">{name}</Table.Td>
                  <Table.Td className="graph-text">{text}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </section>
  )
}

function Values({ title, values }: { readonly title: string; readonly values: GraphNode['outputs'] }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {values.map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an operator may read one value twice.
        <Group key={`${value.name} ${at}`} gap="xs" wrap="nowrap">
          <Text size="sm" className="graph-text">
            {value.name}
          </Text>
          <Text size="xs" c="dimmed" className="graph-text">
            {[value.type ?? '', shapeOf(value), 'constant' in value && value.constant === true ? 'constant' : '']
              .filter((part) => part !== '')
              .join(' · ')}
          </Text>
        </Group>
      ))}
    </div>
  )
}
