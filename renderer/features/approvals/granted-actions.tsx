import { Button, Menu, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApprovalSummary } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'

/** What can be done with an approval that was given: put the version into a slot, or take the approval back. */
export function GrantedActions({
  approval,
  quiet = false,
}: {
  readonly approval: ApprovalSummary
  /** Where the page has another first thing to do. */
  readonly quiet?: boolean
}) {
  const [dialog, setDialog] = useState<'deploy' | 'revoke' | null>(null)
  const deploy = useDeploy(approval)
  const close = () => setDialog(null)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">Approval</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('deploy')}>Deploy to another slot…</Menu.Item>
          <Menu.Item onClick={() => setDialog('revoke')}>Revoke the approval…</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {!approval.slots.includes('production') && (
        <Button
          variant={quiet ? 'default' : 'filled'}
          loading={deploy.isPending}
          onClick={() => deploy.mutate('production')}
        >
          Deploy to production
        </Button>
      )}
      {dialog === 'deploy' && <DeployDialog approval={approval} onClose={close} />}
      {dialog === 'revoke' && <RevokeDialog approval={approval} onClose={close} />}
    </>
  )
}

function useDeploy({ model, version }: ApprovalSummary, done: () => void = () => {}) {
  const client = useClient()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (slot: string) => client.deployments.deploy({ model: `${model}/${version}`, slot }),
    onSuccess: async (deployed) => {
      notifications.show({ message: `${deployed.version} is in ${deployed.slot}.` })
      done()
      await queries.invalidateQueries()
    },
    onError: tellFailure('It was not deployed'),
  })
}

function DeployDialog({ approval, onClose }: { readonly approval: ApprovalSummary; readonly onClose: () => void }) {
  const [slot, setSlot] = useState(approval.slots.includes('staging') ? '' : 'staging')
  const deploy = useDeploy(approval, onClose)
  return (
    <Modal opened onClose={onClose} title={`Deploy ${approval.model} / ${approval.version}`}>
      <Stack>
        <TextInput
          label="Slot"
          description="Where it is used: staging, or a name of your own. What is there makes room; one click brings it back."
          value={slot}
          onChange={(event) => setSlot(event.currentTarget.value)}
          data-autofocus
        />
        <Button loading={deploy.isPending} disabled={slot.trim() === ''} onClick={() => deploy.mutate(slot.trim())}>
          Deploy
        </Button>
      </Stack>
    </Modal>
  )
}

function RevokeDialog({ approval, onClose }: { readonly approval: ApprovalSummary; readonly onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [reason, setReason] = useState('')
  const revoke = useMutation({
    mutationFn: () => client.approvals.revoke({ id: approval.id, reason }),
    onSuccess: async () => {
      onClose()
      await queries.invalidateQueries()
    },
  })
  const inUse =
    approval.slots.length === 0 ? '' : ` It is in ${approval.slots.join(', ')}, and is refused there at once.`
  return (
    <Modal opened onClose={onClose} title={`Revoke the approval of ${approval.model} / ${approval.version}`}>
      <Stack>
        <Text size="sm">The version may not be used from now on, until it is sent and approved again.{inUse}</Text>
        <Textarea
          label="Why"
          description="It stands in the history and in the audit log."
          required
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        {revoke.error && <ErrorState error={revoke.error} />}
        <Button color="red" loading={revoke.isPending} disabled={reason.trim() === ''} onClick={() => revoke.mutate()}>
          Revoke
        </Button>
      </Stack>
    </Modal>
  )
}
