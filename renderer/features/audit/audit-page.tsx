import { Alert, Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AuditEventView, AuditVerification } from '../../../shared/domain/audit.ts'
import { auditWords } from '../../../shared/domain/audit-words.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Digest, RelativeTime, StatusBadge } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { SignCheckpointButton } from './sign-checkpoint.tsx'

type Outcome = AuditEventView['outcome']

/** Events that are shown at once; older ones are in the export. */
const shown = 1_000

/** What was done and refused in this workspace, and whether the log of it is whole. */
export function AuditPage() {
  const client = useClient()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [person, setPerson] = useState('')
  const filter = { ...(outcome === null ? {} : { outcome }), ...(person.trim() === '' ? {} : { actor: person.trim() }) }
  const log = useQuery({
    queryKey: ['audit', filter],
    queryFn: () => client.audit.list({ ...filter, limit: shown }),
    placeholderData: (before) => before,
  })
  const failed = tellFailure()
  const verify = useMutation({ mutationFn: () => client.audit.verify(), onError: failed })
  const save = useMutation({
    mutationFn: () => client.audit.export({}),
    onSuccess: ({ path, href }) => href !== null && saveUrl(path, href),
    onError: failed,
  })
  return (
    <>
      <PageHead
        title="Audit log"
        actions={
          <>
            <SignCheckpointButton />
            <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
              Export
            </Button>
            <Button loading={verify.isPending} onClick={() => verify.mutate()}>
              Verify now
            </Button>
          </>
        }
      />
      {verify.data && <Verdict verification={verify.data} />}
      <Group mb="xs" align="end">
        <Select
          label="Outcome"
          placeholder="All"
          clearable
          w={160}
          data={[
            { value: 'done', label: 'Done' },
            { value: 'refused', label: 'Refused' },
            { value: 'failed', label: 'Failed' },
          ]}
          value={outcome}
          onChange={(value) => setOutcome(value)}
        />
        <TextInput
          label="Person"
          placeholder="Whole name"
          w={220}
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
        />
      </Group>
      <Loaded query={log}>
        {({ events, total }) =>
          events.length === 0 ? (
            <EmptyState title={total === 0 ? 'Nothing to show' : 'No such events'}>
              Every change that is made here, and every one that is refused, is written down.
            </EmptyState>
          ) : (
            <DataTable
              label="Audit log"
              view="audit"
              rows={events}
              rowKey={({ sequence }) => String(sequence)}
              columns={columns}
              height={560}
              tools={
                <Text size="sm">
                  {total > events.length ? `The newest ${events.length} of ${total} events` : `${total} events`}
                </Text>
              }
            />
          )
        }
      </Loaded>
    </>
  )
}

function Verdict({ verification }: { readonly verification: AuditVerification }) {
  const { ok, entries, firstBad, lastCheckpoint, findings } = verification
  const title = ok
    ? `The log is whole: ${entries} entries`
    : firstBad && firstBad.sequence > 0
      ? `Entry ${firstBad.sequence} is not as it was written`
      : 'The log does not verify'
  return (
    <Alert color={ok ? 'green' : 'red'} variant="light" title={title} mb="md" role="status">
      {firstBad && <Text size="sm">Why: {firstBad.reason}.</Text>}
      {lastCheckpoint && (
        <Text size="sm" component="div">
          Last checkpoint at {lastCheckpoint.size} entries, <Digest value={lastCheckpoint.hash} />
        </Text>
      )}
      {findings.map((finding) => (
        <Text size="sm" key={finding}>
          {finding}
        </Text>
      ))}
    </Alert>
  )
}

const columns = [
  { key: 'sequence', title: 'Entry', value: ({ sequence }: AuditEventView) => sequence, width: 80 },
  {
    key: 'time',
    title: 'Time',
    value: ({ time }: AuditEventView) => time,
    render: ({ time }: AuditEventView) => <RelativeTime time={time} />,
    width: 130,
  },
  { key: 'actor', title: 'Who', value: ({ actor }: AuditEventView) => actor ?? '(erased)', width: 140 },
  { key: 'role', title: 'Role', value: ({ role }: AuditEventView) => role, width: 110 },
  {
    key: 'action',
    title: 'What',
    value: ({ action }: AuditEventView) => auditWords(action),
    // The name by which the log and its exports call it.
    render: ({ action }: AuditEventView) => <span title={action}>{auditWords(action)}</span>,
    width: 260,
  },
  {
    key: 'outcome',
    title: 'Outcome',
    value: ({ outcome, code }: AuditEventView) => (code === null ? outcome : `${outcome}: ${code}`),
    render: ({ outcome }: AuditEventView) => <StatusBadge status={outcome} />,
    width: 120,
  },
  { key: 'details', title: 'Details', value: describe, width: 380 },
  { key: 'code', title: 'Error', value: ({ code }: AuditEventView) => code, width: 130, hidden: true },
]

function describe({ details, hidden }: AuditEventView): string {
  return [...Object.entries(details), ...Object.entries(hidden)]
    .map(([field, value]) => `${field}: ${value ?? '(erased)'}`)
    .join(' · ')
}
