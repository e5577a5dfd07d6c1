import { Badge } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconClock, IconEye, IconFlask, IconRocket, IconSend } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import type { ApprovalState } from '../../../shared/domain/approval-states.ts'
import type { ApprovalSummary } from '../../../shared/domain/approvals.ts'

const looks: Readonly<
  Record<ApprovalState, { readonly word: string; readonly color: string; readonly icon: ReactNode }>
> = {
  submitted: { word: 'Submitted', color: 'gray', icon: <IconSend size={12} /> },
  review: { word: 'In review', color: 'blue', icon: <IconEye size={12} /> },
  testing: { word: 'In testing', color: 'blue', icon: <IconFlask size={12} /> },
  approved: { word: 'Approved', color: 'green', icon: <IconCircleCheck size={12} /> },
  rejected: { word: 'Rejected', color: 'red', icon: <IconCircleX size={12} /> },
  deployed: { word: 'Deployed', color: 'green', icon: <IconRocket size={12} /> },
}

const closures = { withdrawn: 'Withdrawn', expired: 'Expired', voided: 'Voided: it has changed', revoked: 'Revoked' }

type Standing = Pick<ApprovalSummary, 'state' | 'closed'>

/** Where an approval stands, in a word or two. */
export function approvalWord({ state, closed }: Standing): string {
  return closed === null ? looks[state].word : closures[closed]
}

/** The same with an icon. */
export function ApprovalStateBadge({ approval }: { readonly approval: Standing }) {
  const { color, icon } =
    approval.closed === null ? looks[approval.state] : { color: 'red', icon: <IconCircleX size={12} /> }
  return (
    <Badge variant="light" color={color} leftSection={icon} tt="none">
      {approvalWord(approval)}
    </Badge>
  )
}

/** The time, read again every minute. */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** How much of the time is left, or how late it is; nothing once it is decided. */
export function DueTime({ approval }: { readonly approval: ApprovalSummary }) {
  const now = useMinute()
  if (!isWaiting(approval)) return <span>–</span>
  const hours = (Date.parse(approval.dueAt) - now) / 3_600_000
  const shown =
    Math.abs(hours) < 48 ? `${Math.max(1, Math.round(Math.abs(hours)))} h` : `${Math.round(Math.abs(hours) / 24)} days`
  return (
    <span title={new Date(approval.dueAt).toLocaleString()}>
      {hours >= 0 ? (
        `${shown} left of 24`
      ) : (
        <Badge variant="light" color="red" leftSection={<IconClock size={12} />} tt="none">
          {shown} late
        </Badge>
      )}
    </span>
  )
}

export function isWaiting({ state, closed }: Pick<ApprovalSummary, 'state' | 'closed'>): boolean {
  return closed === null && (state === 'submitted' || state === 'review' || state === 'testing')
}
