import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isGranted } from '../../../shared/domain/approval-states.ts'
import { useClient } from '../../api/client-context.tsx'
import { ApprovalStateBadge, approvalWord } from './approval-state.tsx'
import { GrantedActions } from './granted-actions.tsx'

/** The approval of a version, looked at anew: what has changed or run out since shows at once. */
function useApproval(id: string | null) {
  const client = useClient()
  return useQuery({
    queryKey: ['approvals', id],
    queryFn: () => client.approvals.get({ id: id as string }),
    enabled: id !== null,
  }).data?.approval
}

/** Where the last approval of a version stands, with the way to its page; nothing for one that was never sent. */
export function VersionApprovalBadge({ id }: { readonly id: string | null }) {
  const approval = useApproval(id)
  if (!approval) return null
  return (
    <Anchor component={Link} to={`/approvals/${approval.id}`} aria-label={`Its approval: ${approvalWord(approval)}`}>
      <ApprovalStateBadge approval={approval} />
    </Anchor>
  )
}

/** What can be done with the approval of a version while it holds. */
export function VersionApprovalActions({ id }: { readonly id: string | null }) {
  const approval = useApproval(id)
  return approval && approval.closed === null && isGranted(approval.state) ? (
    <GrantedActions approval={approval} quiet />
  ) : null
}
