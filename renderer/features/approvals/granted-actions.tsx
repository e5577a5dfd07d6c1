import { Button, Menu, Text, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApprovalSummary } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
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
  const deploy = useDeploy(approval, 'production')
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
          onClick={() => deploy.mutate(undefined, { onError: tellFailure('It was not deployed') })}
        >
          Deploy to production
        </Button>
      )}
      {dialog === 'deploy' && <DeployDialog approval={approval} onClose={close} />}
      {dialog === 'revoke' && <RevokeDialog approval={approval} onClose={close} />}
    </>
  )
}

function useDeploy({ model, version }: ApprovalSummary, slot: string, done: () => void = () => {}) {
  const client = useClient()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.deployments.deploy({ model: `${model}/${version}`, slot }),
    onSuccess: async (deployed) => {
      notifications.show({ message: `${deployed.version} is in ${deployed.slot}.` })
      done()
      await queries.invalidateQueries()
    },
  })
}

function DeployDialog({ approval, onClose }: { readonly approval: ApprovalSummary; readonly onClose: () => void }) {
  const [slot, setSlot] = useState(approval.slots.includes('staging') ? '' : 'staging')
  const deploy = useDeploy(approval, slot.trim(), onClose)
  return (
    <FormDialog
      title={`Deploy ${approval.model} / ${approval.version}`}
      action="Deploy"
      change={deploy}
      isReady={slot.trim() !== ''}
      onClose={onClose}
    >
      <TextInput
        label="Slot"
        description="Where it is used: staging, or a name of your own. What is there makes room; one click brings it back."
        value={slot}
        onChange={(event) => setSlot(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
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
    <FormDialog
      title={`Revoke the approval of ${approval.model} / ${approval.version}`}
      action="Revoke"
      color="red"
      change={revoke}
      isReady={reason.trim() !== ''}
      onClose={onClose}
    >
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
    </FormDialog>
  )
}
