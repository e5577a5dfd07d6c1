import { Alert, Anchor, Button, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isGranted } from '../../../shared/domain/approval-states.ts'
import type { Approval } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { usePathParameters } from '../../routes/parameters.ts'
import { MetricLabel } from '../../ui/metric-names.tsx'
import { Digest, EstimateText, formatBytes, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { VersionDifferences } from '../models/compare-versions-page.tsx'
import { ApprovalStateBadge, DueTime, isWaiting } from './approval-state.tsx'
import { DecisionCard } from './decision-card.tsx'
import { DiscussionCard } from './discussion-card.tsx'
import { ExportPackage } from './export-package.tsx'
import { GrantedActions } from './granted-actions.tsx'
import { RequirementList } from './requirement-list.tsx'

/** One page to decide from: what it is, what is missing, what changes, who said what, and the signature. */
export function ReviewPage() {
  const { id } = usePathParameters()
  const client = useClient()
  const approval = useQuery({ queryKey: ['approvals', id], queryFn: () => client.approvals.get({ id }) })
  return <Loaded query={approval}>{(data) => <ReviewView approval={data.approval} />}</Loaded>
}

function ReviewView({ approval }: { readonly approval: Approval }) {
  const { model, version, replaces } = approval
  return (
    <>
      <PageHead
        title={`${model} ${version}${replaces ? ` replaces ${replaces.version}` : ''}`}
        parents={[{ label: 'Approvals', to: '/approvals' }]}
        beside={<ApprovalStateBadge approval={approval} />}
        actions={<ReviewActions approval={approval} />}
      />
      <Stack>
        {approval.closed === 'voided' && (
          <Alert
            color="red"
            icon={<IconAlertTriangle />}
            title="What was submitted has changed since, so this approval is void."
          >
            Changed:{' '}
            {approval.manifest
              .filter(({ intact }) => !intact)
              .map(({ name }) => name)
              .join(', ') || 'something was added'}
            . Send the version for approval again.
          </Alert>
        )}
        <Text size="sm">
          Sent by {approval.submitter} <RelativeTime time={approval.submittedAt} />
          {isWaiting(approval) && (
            <>
              , <DueTime approval={approval} />
            </>
          )}
          , risk {approval.tier}.{approval.message === '' ? '' : ` “${approval.message}”`}
        </Text>
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Stack>
            <section className="card" aria-label="What is asked for">
              <Text fw={600} mb="xs" component="h2" size="md">
                {readRequirements(approval)}
              </Text>
              <RequirementList requirements={approval.requirements} />
              <Anchor component={Link} to="/policy" size="xs" mt="xs" display="block">
                The rules behind it (policy, tier {approval.tier})
              </Anchor>
            </section>
            <WhatItIs approval={approval} />
          </Stack>
          <Stack>
            <DecisionCard approval={approval} />
            <DiscussionCard approval={approval} />
          </Stack>
        </SimpleGrid>
        <Changes approval={approval} />
        <Evidence approval={approval} />
      </Stack>
    </>
  )
}

function readRequirements({ requirements, state, closed }: Approval): string {
  const unmet = requirements.filter(({ met }) => !met)
  const missing = unmet.length
  if (closed !== null || state === 'rejected') return 'What was asked for'
  if (missing > 0 && unmet.every(({ what }) => /^(quorum|roles)/.test(what))) return 'Only signatures are missing'
  if (missing === 0) return 'Everything that is asked for is there'
  return missing === 1 ? 'One thing is missing' : `${missing} things are missing`
}

function WhatItIs({ approval }: { readonly approval: Approval }) {
  const client = useClient()
  const reference = `${approval.model}/${approval.version}`
  const detail = useQuery({
    queryKey: ['models', 'version', reference],
    queryFn: () => client.models.version({ model: reference }),
  })
  return (
    <section className="card" aria-label="What it is">
      <Text fw={600} mb="xs" component="h2" size="md">
        What it is
      </Text>
      <Loaded query={detail}>
        {(version) => (
          <Stack gap={6}>
            <Text size="sm">
              Predicts <b>{version.signature.target}</b>
              {version.signature.classes.length > 0 ? ` (${version.signature.classes.slice(0, 5).join(', ')})` : ''}{' '}
              from {version.signature.inputs.length} columns, with {version.learner}
              {version.dataset ? `, trained on ${version.dataset.name} / ${version.dataset.version}` : ''}.
            </Text>
            {version.metric && version.score && (
              <Text size="sm">
                <MetricLabel name={version.metric} />: <EstimateText estimate={version.score} />
              </Text>
            )}
            {version.parity && (
              <Text size="sm">
                The file does what the trained model does: {version.parity.labelFlips} of {version.parity.rows}{' '}
                predictions differ.
              </Text>
            )}
            <Group gap="md">
              <Anchor
                component={Link}
                size="sm"
                to={`/models/${encodeURIComponent(approval.model)}/${approval.version}`}
              >
                All about the version
              </Anchor>
              <Anchor component={Link} size="sm" to={`/predict?model=${encodeURIComponent(reference)}`}>
                Try it
              </Anchor>
            </Group>
          </Stack>
        )}
      </Loaded>
    </section>
  )
}

function Changes({ approval }: { readonly approval: Approval }) {
  const { replaces, model, version } = approval
  if (!replaces) return null
  return (
    <section aria-label="What changed">
      <Text fw={600} component="h2" size="lg" mb="xs">
        What changes against {model} / {replaces.version}, which is in {replaces.slot}
      </Text>
      <VersionDifferences a={`${model}/${replaces.version}`} b={`${model}/${version}`} />
    </section>
  )
}

function Evidence({ approval: { manifest, manifestDigest } }: { readonly approval: Approval }) {
  return (
    <section className="card" aria-label="Evidence">
      <Group gap="xs" mb="xs">
        <Text fw={600} component="h2" size="md" m={0}>
          What was submitted
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {manifest.length} items under the manifest <Digest value={manifestDigest} />
        </Text>
      </Group>
      <Table.ScrollContainer
        minWidth={420}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Items submitted' } }}
      >
        <Table aria-label="What was submitted">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Item</Table.Th>
              <Table.Th>Digest</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th>As submitted</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {manifest.map(({ name, digest, bytes, intact }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  <Digest value={digest} />
                </Table.Td>
                <Table.Td ta="right" className="numeric">
                  {formatBytes(bytes)}
                </Table.Td>
                <Table.Td>{intact ? '✓ yes' : '✗ no, it has changed'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}

function ReviewActions({ approval }: { readonly approval: Approval }) {
  const client = useClient()
  const queries = useQueryClient()
  const failed = tellFailure()
  const refresh = () => queries.invalidateQueries({ queryKey: ['approvals'] })
  const advance = useMutation({
    mutationFn: (to: 'review' | 'testing') => client.approvals.advance({ id: approval.id, to }),
    onSuccess: refresh,
    onError: failed,
  })
  const withdraw = useMutation({
    mutationFn: () => client.approvals.withdraw({ id: approval.id }),
    onSuccess: refresh,
    onError: failed,
  })
  if (approval.closed !== null) return null
  if (!isWaiting(approval)) return isGranted(approval.state) ? <GrantedActions approval={approval} /> : null
  const next = approval.state === 'submitted' ? 'review' : approval.state === 'review' ? 'testing' : null
  return (
    <>
      <ExportPackage approval={approval} />
      <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
        Withdraw
      </Button>
      {next && (
        <Button loading={advance.isPending} onClick={() => advance.mutate(next)}>
          {next === 'review' ? 'Start review' : 'Start testing'}
        </Button>
      )}
    </>
  )
}
