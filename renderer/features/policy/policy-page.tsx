import { Button, SegmentedControl, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Policy } from '../../../shared/domain/policy.ts'
import { useClient } from '../../api/client-context.tsx'
import { RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { ErrorState, Loaded } from '../../ui/states.tsx'
import { PolicyChanges } from './policy-changes.tsx'
import { PolicyForm } from './policy-form.tsx'

/** What is being edited: one document, of which either the fields or the text are the newer ones. */
type Draft = { readonly as: 'form'; readonly policy: Policy } | { readonly as: 'text'; readonly text: string }

interface PolicyInForce {
  readonly policy: Policy
  readonly text: string
  readonly digest: string
  readonly setBy: string | null
  readonly setAt: string | null
}

/** Who must agree to what: the policy in force, edited in a form or as text. */
export function PolicyPage() {
  const client = useClient()
  const inForce = useQuery({ queryKey: ['policy'], queryFn: () => client.policy.get() })
  // Another policy in force is another page: what was being edited is of the one before.
  return <Loaded query={inForce}>{(data) => <PolicyEditor key={data.digest} inForce={data} />}</Loaded>
}

function PolicyEditor({ inForce }: { readonly inForce: PolicyInForce }) {
  const client = useClient()
  const [draft, setDraft] = useState<Draft>({ as: 'form', policy: inForce.policy })
  // JSON is a part of YAML: the host reads both, and writes the one text that the fields stand for.
  const text = draft.as === 'text' ? draft.text : JSON.stringify(draft.policy)
  const turn = useMutation({
    mutationFn: () => client.policy.preview({ text }),
    onSuccess: (read) =>
      setDraft(draft.as === 'form' ? { as: 'text', text: read.text } : { as: 'form', policy: read.policy }),
  })
  const look = useMutation({ mutationFn: () => client.policy.preview({ text }) })
  const error = look.error ?? turn.error
  const edit = (changed: Draft) => {
    look.reset()
    turn.reset()
    setDraft(changed)
  }
  return (
    <>
      <PageHead
        title="Policy"
        parents={[{ label: 'Approvals', to: '/approvals' }]}
        actions={
          <Button loading={look.isPending} onClick={() => look.mutate()}>
            Look at the changes…
          </Button>
        }
      />
      <Text size="sm" mb="md">
        Who must agree to what before a version may be used.{' '}
        {inForce.setBy === null || inForce.setAt === null ? (
          'It is the one that ships.'
        ) : (
          <>
            Set by {inForce.setBy} <RelativeTime time={inForce.setAt} />.
          </>
        )}{' '}
        Nobody ever decides on what they have submitted themselves.
      </Text>
      <SegmentedControl
        mb="md"
        aria-label="How to edit"
        value={draft.as}
        disabled={turn.isPending}
        onChange={(as) => as !== draft.as && turn.mutate()}
        data={[
          { value: 'form', label: 'As a form' },
          { value: 'text', label: 'As text (YAML)' },
        ]}
      />
      {error && <ErrorState error={error} />}
      {draft.as === 'form' ? (
        <PolicyForm value={draft.policy} onChange={(policy) => edit({ as: 'form', policy })} />
      ) : (
        <Textarea
          label="The policy as text"
          description="The same document as the form; remarks in it are not kept."
          autosize
          minRows={20}
          spellCheck={false}
          styles={{ input: { fontFamily: 'monospace' } }}
          value={draft.text}
          onChange={(event) => edit({ as: 'text', text: event.currentTarget.value })}
        />
      )}
      {look.data && (
        <PolicyChanges
          text={look.data.text}
          replaces={inForce.digest}
          changes={look.data.changes}
          affected={look.data.affected}
          onClose={look.reset}
          onSaved={look.reset}
        />
      )}
    </>
  )
}
