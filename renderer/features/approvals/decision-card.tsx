import { Alert, Button, Group, Stack, Table, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Approval, ApprovalDecision } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { Digest, RelativeTime } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Who has signed what; and, while it waits, exactly what the reader would sign. */
export function DecisionCard({ approval }: { readonly approval: Approval }) {
  const { decisions, state, closed } = approval
  const canSign = closed === null && (state === 'review' || state === 'testing')
  return (
    <section className="card" aria-label="Decision">
      <Text fw={600} mb="xs" component="h2" size="md">
        Decision
      </Text>
      <Stack gap="sm">
        {decisions.map((decision) => (
          <Signature key={decision.person} decision={decision} />
        ))}
        {canSign && <Sign approval={approval} />}
        {!canSign && decisions.length === 0 && (
          <Text size="sm" c="dimmed">
            {state === 'submitted' && closed === null
              ? 'A reviewer starts the review first; then it can be decided on.'
              : 'Nobody has signed.'}
          </Text>
        )}
      </Stack>
    </section>
  )
}

function Signature({ decision }: { readonly decision: ApprovalDecision }) {
  const { person, role, reason, fingerprint, problem, decidedAt, origin } = decision
  return (
    <Alert
      variant="light"
      color={problem !== null || decision.decision === 'rejected' ? 'red' : 'green'}
      title={`${decision.decision === 'approved' ? 'Approved' : 'Rejected'} by ${person} (${role})`}
    >
      <Text size="sm">“{reason}”</Text>
      <Text size="xs" component="div">
        <RelativeTime time={decidedAt} />
        {origin === 'reply' ? ', in a reply from elsewhere' : ''}, key <Digest value={fingerprint} />.{' '}
        {problem === null ? 'The signature is good.' : `It does not count: ${problem}.`}
      </Text>
    </Alert>
  )
}

function Sign({ approval }: { readonly approval: Approval }) {
  const client = useClient()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const [chosen, setChosen] = useState<'approved' | 'rejected' | null>(null)
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  const sign = useMutation({
    mutationFn: (decision: 'approved' | 'rejected') => client.approvals.decide({ id: approval.id, decision, reason }),
    onSuccess: () => queries.invalidateQueries(),
  })
  const me = status.data?.actor
  if (me?.name === approval.submitter) {
    return (
      <Text size="sm" c="dimmed">
        You have sent it, so somebody else decides on it.
      </Text>
    )
  }
  return (
    <Stack gap="sm">
      <Textarea
        label="Why"
        description="It is signed with the decision and kept for good."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        required
      />
      {chosen === null ? (
        <Group justify="flex-end">
          <Button variant="default" disabled={reason.trim() === ''} onClick={() => setChosen('rejected')}>
            Reject…
          </Button>
          <Button
            disabled={reason.trim() === '' || approval.state !== 'testing'}
            title={approval.state === 'testing' ? undefined : 'It is approved after testing.'}
            onClick={() => setChosen('approved')}
          >
            Approve…
          </Button>
        </Group>
      ) : (
        <>
          <WhatIsSigned approval={approval} decision={chosen} reason={reason} who={me} />
          {sign.isError && <ErrorState error={sign.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setChosen(null)}>
              Back
            </Button>
            <Button
              {...(chosen === 'rejected' ? { color: 'red' } : {})}
              loading={sign.isPending}
              onClick={() => sign.mutate(chosen)}
            >
              {chosen === 'approved' ? 'Sign approval' : 'Sign rejection'}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  )
}

function WhatIsSigned({
  approval,
  decision,
  reason,
  who,
}: {
  readonly approval: Approval
  readonly decision: 'approved' | 'rejected'
  readonly reason: string
  readonly who: { readonly name: string; readonly role: string } | undefined
}) {
  const rows = [
    ['Decision', decision === 'approved' ? 'Approve' : 'Reject'],
    ['Version', `${approval.model} / ${approval.version}`],
    ['Model file', approval.digest],
    ['Manifest', approval.manifestDigest],
    ['Reason', reason],
    ['Who', who ? `${who.name}, ${who.role}, with the key of this identity` : ''],
  ] as const
  return (
    <Table aria-label="What you sign">
      <Table.Tbody>
        {rows.map(([label, value]) => (
          <Table.Tr key={label}>
            <Table.Th scope="row">{label}</Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }} className={value.startsWith('sha256:') ? 'mono' : undefined}>
              {value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
