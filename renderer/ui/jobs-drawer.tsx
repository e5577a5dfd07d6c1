import { Anchor, Button, Code, Drawer, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Job } from '../../shared/domain/jobs.ts'
import { useClient } from '../api/client-context.tsx'
import { formatNumber, formatSeconds, RelativeTime, StatusBadge } from './numbers.tsx'
import { EmptyState, Loaded } from './states.tsx'

/** The page where the work of a job, or what came of it, is looked at. */
export function jobHref({ id, kind, state, subject, result }: Job): string | null {
  if (kind === 'automl') return `/automl/${id}`
  if (state !== 'succeeded') return null
  if (kind === 'import') return `/data/${encodeURIComponent(String(result?.dataset ?? subject.name))}`
  if (kind === 'register' || kind === 'rebuild') return `/models/${encodeURIComponent(subject.name)}`
  return null
}

export function JobTitle({ job, onOpen }: { readonly job: Job; readonly onOpen?: () => void }) {
  const href = jobHref(job)
  if (href === null) {
    return (
      <Text fw={600} size="sm" truncate>
        {job.title}
      </Text>
    )
  }
  return (
    <Anchor component={Link} to={href} fw={600} size="sm" truncate {...(onOpen ? { onClick: onOpen } : {})}>
      {job.title}
    </Anchor>
  )
}

export function JobsDrawer({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const client = useClient()
  const jobs = useQuery({
    queryKey: ['jobs', 'all'],
    queryFn: () => client.jobs.list({ limit: 100 }),
    enabled: opened,
    refetchInterval: opened ? 1_000 : false,
  })
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="md"
      title="Jobs"
      closeButtonProps={{ 'aria-label': 'Close the jobs' }}
    >
      <Loaded query={jobs}>
        {(data) =>
          data.jobs.length === 0 ? (
            <EmptyState title="No jobs yet">Imports, searches and predictions show up here.</EmptyState>
          ) : (
            <Stack>
              {data.jobs.map((job) => (
                <JobCard key={job.id} job={job} onClose={onClose} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Drawer>
  )
}

function JobCard({ job, onClose }: { readonly job: Job; readonly onClose: () => void }) {
  const client = useClient()
  const queries = useQueryClient()
  const [showLog, setShowLog] = useState(false)
  const refresh = { onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }) }
  const cancel = useMutation({ mutationFn: () => client.jobs.cancel({ id: job.id }), ...refresh })
  const resume = useMutation({ mutationFn: () => client.jobs.resume({ id: job.id }), ...refresh })
  const log = useQuery({
    queryKey: ['jobs', 'log', job.id, job.state],
    queryFn: () => client.jobs.log({ id: job.id }),
    enabled: showLog,
  })
  const { fraction, title, detail, rate, secondsLeft } = job.progress
  const isOpen = job.state === 'running' || job.state === 'queued'
  return (
    <div className="card">
      <Group justify="space-between" wrap="nowrap">
        <JobTitle job={job} onOpen={onClose} />
        <StatusBadge status={job.state} />
      </Group>
      {isOpen && (
        <>
          <Progress value={fraction * 100} mt="xs" aria-label={`Progress of ${job.title}`} />
          <Text size="xs" c="dimmed" mt={4}>
            {title} {detail}
            {rate ? ` · ${formatNumber(rate.value)} ${rate.unit}/s` : ''}
            {secondsLeft === null ? '' : ` · ${formatSeconds(secondsLeft)} left`}
          </Text>
        </>
      )}
      {job.error && (
        <Text size="sm" mt="xs" c="red">
          {job.error.message} {job.error.hint}
        </Text>
      )}
      <Group mt="xs" gap="xs">
        <Text size="xs" c="dimmed">
          <RelativeTime time={job.createdAt} />
        </Text>
        {isOpen && (
          <Button size="compact-xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel
          </Button>
        )}
        {job.resumable && (job.state === 'failed' || job.state === 'cancelled') && (
          <Button size="compact-xs" variant="default" onClick={() => resume.mutate()}>
            Go on
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" onClick={() => setShowLog(!showLog)} aria-expanded={showLog}>
          {showLog ? 'Hide the log' : 'Show the log'}
        </Button>
      </Group>
      {showLog && (
        <Code block mt="xs" style={{ maxHeight: 200, overflow: 'auto' }} tabIndex={0}>
          {(log.data?.lines ?? [])
            .map(({ time, level, message }) => `${time.slice(11, 19)} ${level} ${message}`)
            .join('\n') || 'The log is empty.'}
        </Code>
      )}
    </div>
  )
}
