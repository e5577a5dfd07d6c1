import { Badge, Tooltip } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Estimate } from '../../shared/domain/values.ts'
import { formatEstimate, formatNumber, formatRelative } from './number-format.ts'

export { formatBytes, formatNumber, formatPlain, formatSeconds } from './number-format.ts'

export function NumberText({ value, unit }: { readonly value: number | null | undefined; readonly unit?: string }) {
  if (value === null || value === undefined) return <span title="no value">–</span>
  return (
    <span className="numeric" title={String(value)}>
      {formatNumber(value)}
      {unit ? ` ${unit}` : ''}
    </span>
  )
}

/** An estimate with its 95% interval beside it: 0.871 [0.842, 0.897]. */
export function EstimateText({ estimate }: { readonly estimate: Estimate | null }) {
  if (!estimate) return <span>–</span>
  const { value, low, high } = formatEstimate(estimate)
  return (
    <span className="numeric" title={`${estimate.value}, 95% interval ${estimate.low} to ${estimate.high}`}>
      {value}{' '}
      <span className="interval">
        [{low}, {high}]
      </span>
    </span>
  )
}

export function RelativeTime({ time }: { readonly time: string | null }) {
  if (time === null) return <span>–</span>
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {formatRelative(time)}
    </time>
  )
}

/** The first eight digits of a digest or id; a click copies all of it. */
export function Digest({ value }: { readonly value: string }) {
  const plain = value.replace(/^sha256:/, '')
  return (
    <Tooltip label={`${value} – click to copy`}>
      <button type="button" className="mono plain-button" onClick={() => void navigator.clipboard.writeText(value)}>
        {plain.slice(0, 8)}
      </button>
    </Tooltip>
  )
}

const statuses: Readonly<Record<string, { readonly color: string; readonly icon: ReactNode; readonly word: string }>> =
  {
    queued: { color: 'gray', icon: <IconCircleDashed size={14} />, word: 'Queued' },
    running: { color: 'blue', icon: <IconLoader2 size={14} />, word: 'Running' },
    succeeded: { color: 'green', icon: <IconCircleCheck size={14} />, word: 'Succeeded' },
    failed: { color: 'red', icon: <IconCircleX size={14} />, word: 'Failed' },
    cancelled: { color: 'gray', icon: <IconBan size={14} />, word: 'Cancelled' },
    stopped: { color: 'gray', icon: <IconBan size={14} />, word: 'Given up' },
    RUNNING: { color: 'blue', icon: <IconLoader2 size={14} />, word: 'Running' },
    FINISHED: { color: 'green', icon: <IconCircleCheck size={14} />, word: 'Finished' },
    FAILED: { color: 'red', icon: <IconCircleX size={14} />, word: 'Failed' },
    KILLED: { color: 'gray', icon: <IconBan size={14} />, word: 'Given up' },
    SCHEDULED: { color: 'gray', icon: <IconCircleDashed size={14} />, word: 'Scheduled' },
    Active: { color: 'green', icon: <IconCircleCheck size={14} />, word: 'Active' },
    Revoked: { color: 'gray', icon: <IconBan size={14} />, word: 'Revoked' },
    done: { color: 'green', icon: <IconCircleCheck size={14} />, word: 'Done' },
    refused: { color: 'yellow', icon: <IconBan size={14} />, word: 'Refused' },
    ok: { color: 'green', icon: <IconCircleCheck size={14} />, word: 'OK' },
    warning: { color: 'yellow', icon: <IconAlertTriangle size={14} />, word: 'Warning' },
    error: { color: 'red', icon: <IconCircleX size={14} />, word: 'Error' },
    info: { color: 'gray', icon: <IconCircleDashed size={14} />, word: 'Note' },
  }

/** A state as an icon and a word, never colour alone. */
export function StatusBadge({ status }: { readonly status: string }) {
  const { color, icon, word } = statuses[status] ?? { color: 'gray', icon: null, word: status }
  return (
    <Badge
      variant="light"
      color={color}
      leftSection={icon}
      radius="sm"
      tt="none"
      fw={600}
      miw="max-content"
      styles={{ label: { overflow: 'visible' } }}
    >
      {word}
    </Badge>
  )
}
