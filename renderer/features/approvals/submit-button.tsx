import { Button, Select, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

/** Sends a version for approval, after a word to the reviewer. */
export function SubmitButton({ reference }: { readonly reference: string }) {
  const client = useClient()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [opened, setOpened] = useState(false)
  const [tier, setTier] = useState<string | null>(null)
  const [message, setMessage] = useState('')
  const policy = useQuery({ queryKey: ['policy'], queryFn: () => client.policy.get(), enabled: opened })
  const submit = useMutation({
    mutationFn: () => client.approvals.submit({ model: reference, message, ...(tier === null ? {} : { tier }) }),
    onSuccess: async ({ approval }) => {
      await queries.invalidateQueries()
      await navigate({ to: '/approvals/$id', params: { id: approval.id } })
    },
  })
  const rules = policy.data?.policy
  const chosen = tier ?? rules?.defaultTier ?? null
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Send for approval
      </Button>
      {opened && (
        <FormDialog
          title={`Send ${reference} for approval`}
          action="Send for approval"
          change={submit}
          onClose={() => setOpened(false)}
        >
          <Text size="sm">
            The version is frozen with all its evidence. Somebody else decides on it; any later change makes the
            approval void.
          </Text>
          <Select
            label="How risky is its use?"
            description={chosen === null ? undefined : rules?.tiers[chosen]?.description}
            data={Object.keys(rules?.tiers ?? {})}
            value={chosen}
            onChange={setTier}
            allowDeselect={false}
          />
          <Textarea
            label="What should the reviewer know?"
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
            autosize
            minRows={2}
          />
        </FormDialog>
      )}
    </>
  )
}
