import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Lineage } from '../../../shared/domain/models.ts'
import { useClient } from '../../api/client-context.tsx'
import { Loaded } from '../../ui/states.tsx'
import { LineageGraph } from './lineage-graph.tsx'

/** A node to walk from. */
interface Focus {
  readonly kind: 'version' | 'dataset'
  /** Reference to a version, or to a dataset's version. */
  readonly reference: string
}

/** What came of what around a version or a dataset, as a graph that one can walk on from any of its nodes. */
export function LineageView({ start }: { readonly start: Focus }) {
  const client = useClient()
  const [focus, setFocus] = useState(start)
  const lineage = useQuery({
    queryKey: ['models', 'lineage', focus.kind, focus.reference],
    queryFn: () =>
      focus.kind === 'version'
        ? client.models.lineage({ model: focus.reference })
        : client.datasets.lineage({ dataset: focus.reference }),
  })
  const isMoved = focus.reference !== start.reference
  return (
    <Loaded query={lineage}>
      {(data) => (
        <Stack>
          <Group justify="space-between">
            <Text fw={600} component="h2" size="md" m={0}>
              {readLineage(data)}
            </Text>
            {isMoved && (
              <Button variant="default" size="compact-sm" onClick={() => setFocus(start)}>
                Back to where I started
              </Button>
            )}
          </Group>
          {!data.complete && (
            <Alert color="yellow" title="There is more than is drawn here.">
              Walk on from one of the last nodes to see the rest.
            </Alert>
          )}
          <Walk key={data.focus} lineage={data} onWalk={setFocus} />
        </Stack>
      )}
    </Loaded>
  )
}

/** The message of the graph in a sentence. */
function readLineage({ focus, nodes }: Lineage): string {
  const of = nodes.find(({ id }) => id === focus)
  const count = (type: Lineage['nodes'][number]['type'], one: string, many: string) => {
    const found = nodes.filter((node) => node.type === type && node.id !== focus).length
    return found === 0 ? [] : [`${found} ${found === 1 ? one : many}`]
  }
  const parts = [
    ...count('version', 'version', 'versions'),
    ...count('alias', 'alias', 'aliases'),
    ...count('deployment', 'deployment', 'deployments'),
    ...count('prediction', 'set of predictions', 'sets of predictions'),
  ]
  const list = parts.length === 0 ? 'nothing' : parts.join(', ')
  return of?.type === 'dataset'
    ? `If ${of.label} is bad, this is affected: ${list}`
    : `What led to ${of?.label ?? 'it'}, and what came of it: ${list}`
}

function Walk({ lineage, onWalk }: { readonly lineage: Lineage; onWalk(focus: Focus): void }) {
  const navigate = useNavigate()
  const [chosen, setChosen] = useState(lineage.focus)
  const node = lineage.nodes.find(({ id }) => id === chosen)
  const open = (id: string) => {
    const href = lineage.nodes.find((each) => each.id === id)?.href
    if (href) void navigate({ to: href })
  }
  return (
    <>
      <LineageGraph lineage={lineage} chosen={chosen} onChoose={setChosen} onOpen={open} />
      {node && <NodeFacts lineage={lineage} node={node} onWalk={onWalk} />}
      <Text size="xs" c="dimmed">
        Arrow keys walk along the lines, Enter opens the page of a node.
      </Text>
    </>
  )
}

interface NodeFactsProps {
  readonly lineage: Lineage
  readonly node: Lineage['nodes'][number]
  onWalk(focus: Focus): void
}

function NodeFacts({ lineage, node, onWalk }: NodeFactsProps) {
  const labelOf = (id: string) => lineage.nodes.find((each) => each.id === id)?.label ?? id
  const before = lineage.edges.filter(({ to }) => to === node.id)
  const after = lineage.edges.filter(({ from }) => from === node.id)
  const id = node.id.slice(node.id.indexOf(':') + 1)
  const isElsewhere = node.id !== lineage.focus
  return (
    <section className="card" aria-label="The chosen node" aria-live="polite">
      <Text fw={600}>
        {node.type} {node.label}
        {node.detail === '' ? '' : `: ${node.detail}`}
      </Text>
      {before.length > 0 && (
        <Text size="sm">From {before.map(({ from, label }) => `${labelOf(from)} (${label})`).join(', ')}</Text>
      )}
      {after.length > 0 && (
        <Text size="sm">
          Led to{' '}
          {after
            .slice(0, 12)
            .map(({ to, label }) => `${labelOf(to)} (${label})`)
            .join(', ')}
          {after.length > 12 ? ` and ${after.length - 12} more` : ''}
        </Text>
      )}
      <Group mt="xs" gap="md">
        {node.href && (
          <Anchor component={Link} to={node.href} size="sm">
            Open its page
          </Anchor>
        )}
        {isElsewhere && node.type === 'dataset' && (
          <Button size="compact-sm" variant="default" onClick={() => onWalk({ kind: 'dataset', reference: id })}>
            What is affected if this data is bad?
          </Button>
        )}
        {isElsewhere && node.type === 'version' && (
          <Button size="compact-sm" variant="default" onClick={() => onWalk({ kind: 'version', reference: id })}>
            Walk on from here
          </Button>
        )}
      </Group>
    </section>
  )
}
