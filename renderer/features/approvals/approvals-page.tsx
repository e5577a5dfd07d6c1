import { Button, SegmentedControl, SimpleGrid, Stack, Text, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ApprovalSummary } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { ApprovalStateBadge, DueTime, isWaiting } from './approval-state.tsx'
import { OpenPackageButton } from './open-package.tsx'

type View = 'waiting' | 'mine' | 'all' | 'board'

/** The inbox: what waits for somebody, who sent it, and how much of its time is left. */
export function ApprovalsPage() {
  const client = useClient()
  const [view, setView] = useState<View>('waiting')
  const approvals = useQuery({ queryKey: ['approvals'], queryFn: () => client.approvals.list() })
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  const me = status.data?.actor.name
  return (
    <>
      <PageHead
        title="Approvals"
        actions={
          <>
            <Button component={Link} to="/policy" variant="default">
              Policy
            </Button>
            <OpenPackageButton />
          </>
        }
      />
      <SegmentedControl
        mb="md"
        aria-label="Which submissions"
        value={view}
        onChange={setView}
        data={[
          { value: 'waiting', label: 'Waiting for a decision' },
          { value: 'mine', label: 'Sent by me' },
          { value: 'all', label: 'All' },
          { value: 'board', label: 'By state' },
        ]}
      />
      <Loaded query={approvals}>
        {(data) => {
          const shown = data.approvals.filter((each) =>
            view === 'waiting' ? isWaiting(each) : view === 'mine' ? each.submitter === me : true,
          )
          if (shown.length === 0) return <Nothing view={view} />
          return view === 'board' ? <Board approvals={shown} /> : <Inbox approvals={shown} />
        }}
      </Loaded>
    </>
  )
}

function Nothing({ view }: { readonly view: View }) {
  return (
    <EmptyState
      title={view === 'waiting' ? 'Nothing waits for a decision' : 'Nothing was sent for approval yet'}
      action={
        <Button component={Link} to="/models" variant="default">
          Go to the models
        </Button>
      }
    >
      Open a version of a model and choose "Send for approval": it is frozen with all its evidence, and somebody else
      decides on it.
    </EmptyState>
  )
}

function Inbox({ approvals }: { readonly approvals: readonly ApprovalSummary[] }) {
  const navigate = useNavigate()
  return (
    <DataTable
      label="Submissions"
      view="approvals"
      rows={approvals}
      rowKey={(row) => row.id}
      rowName={(row) => `${row.model} / ${row.version}`}
      onOpen={(row) => void navigate({ to: '/approvals/$id', params: { id: row.id } })}
      columns={[
        {
          key: 'version',
          title: 'Version',
          value: (row) => `${row.model} / ${row.version}`,
          // Of a long name the end is cut, never the number.
          render: (row) => (
            <span className="version-name" title={`${row.model} / ${row.version}`}>
              <span>{row.model}</span>
              <span> / {row.version}</span>
            </span>
          ),
          width: 200,
        },
        {
          key: 'state',
          title: 'State',
          value: (row) => row.closed ?? row.state,
          render: (row) => <ApprovalStateBadge approval={row} />,
          width: 190,
        },
        {
          key: 'due',
          title: 'Time',
          value: (row) => (isWaiting(row) ? row.dueAt : null),
          render: (row) => <DueTime approval={row} />,
          width: 140,
        },
        { key: 'submitter', title: 'Sent by', value: (row) => row.submitter, width: 120 },
        {
          key: 'submitted',
          title: 'Sent',
          value: (row) => row.submittedAt,
          render: (row) => <RelativeTime time={row.submittedAt} />,
          width: 140,
        },
        { key: 'tier', title: 'Risk', value: (row) => row.tier, width: 100 },
        { key: 'approvers', title: 'Approved by', value: (row) => row.approvedBy.join(', '), width: 140 },
        {
          key: 'slots',
          title: 'In use as',
          value: (row) => row.slots.map((slot) => `@${slot}`).join(', '),
          width: 140,
        },
      ]}
    />
  )
}

const columns = [
  { title: 'Submitted', holds: (each: ApprovalSummary) => each.closed === null && each.state === 'submitted' },
  { title: 'In review', holds: (each: ApprovalSummary) => each.closed === null && each.state === 'review' },
  { title: 'In testing', holds: (each: ApprovalSummary) => each.closed === null && each.state === 'testing' },
  {
    title: 'Approved or deployed',
    holds: (each: ApprovalSummary) => each.closed === null && (each.state === 'approved' || each.state === 'deployed'),
  },
  { title: 'Rejected or ended', holds: (each: ApprovalSummary) => each.closed !== null || each.state === 'rejected' },
] as const

/** The same by state, side by side. */
function Board({ approvals }: { readonly approvals: readonly ApprovalSummary[] }) {
  const navigate = useNavigate()
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 5 }}>
      {columns.map(({ title, holds }) => {
        const held = approvals.filter(holds)
        return (
          <section key={title} aria-label={title}>
            <Text fw={600} size="sm" mb="xs">
              {title} <span className="numeric">{held.length}</span>
            </Text>
            <Stack gap="xs">
              {held.slice(0, 50).map((each) => (
                <UnstyledButton
                  key={each.id}
                  className="card"
                  onClick={() => void navigate({ to: '/approvals/$id', params: { id: each.id } })}
                >
                  <Text size="sm" fw={500} lineClamp={2}>
                    {each.model} / {each.version}
                  </Text>
                  <Text size="xs" c="dimmed" component="div">
                    {each.submitter}{' '}
                    {isWaiting(each) ? <DueTime approval={each} /> : <ApprovalStateBadge approval={each} />}
                  </Text>
                </UnstyledButton>
              ))}
            </Stack>
          </section>
        )
      })}
    </SimpleGrid>
  )
}
