import { Anchor, Button, FileButton, Group, Progress, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBox, IconFlask, IconTable, IconUpload } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { JobTitle } from '../../ui/jobs-drawer.tsx'
import { formatSeconds, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { incomingEndings, receive } from '../../ui/window-state.ts'
import { WaitingApprovals } from './waiting-approvals.tsx'

const icons: Readonly<Record<string, ReactNode>> = {
  dataset: <IconTable size={18} aria-label="Dataset" />,
  experiment: <IconFlask size={18} aria-label="Experiment" />,
  version: <IconBox size={18} aria-label="Model version" />,
}

export function HomePage() {
  return (
    <>
      <PageHead title="Home" />
      <Stack>
        <StartCard />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Recent />
          <Stack>
            <WaitingApprovals />
            <Running />
          </Stack>
        </SimpleGrid>
      </Stack>
    </>
  )
}

function StartCard() {
  const client = useClient()
  const queries = useQueryClient()
  const seed = useMutation({
    mutationFn: () => client.workspace.seed(),
    onSuccess: ({ datasets, models }) => {
      notifications.show({ message: `The sample project is here: ${datasets.length} tables, ${models.length} models.` })
      void queries.invalidateQueries()
    },
    onError: tellFailure('The sample project could not be made'),
  })
  return (
    <section className="card start-card">
      <Stack align="center" gap="sm" py="lg">
        <IconUpload size={32} aria-hidden />
        <Title order={2} size="h3">
          Drop a table or a model here
        </Title>
        <Text c="dimmed">
          CSV, TSV, Parquet or Arrow, gzipped or not; ONNX; .maestro packages. It stays on this computer.
        </Text>
        <Group>
          <FileButton onChange={(files) => receive(files.map((file) => ({ file })))} accept={incomingEndings} multiple>
            {(props) => <Button {...props}>Choose a file</Button>}
          </FileButton>
          <Button variant="default" loading={seed.isPending} onClick={() => seed.mutate()}>
            Open the sample project
          </Button>
        </Group>
        {seed.isPending && (
          <Text size="sm">Importing four tables and training on two of them; about half a minute.</Text>
        )}
      </Stack>
    </section>
  )
}

function Recent() {
  const client = useClient()
  const recent = useQuery({ queryKey: ['recent'], queryFn: () => client.workspace.recent({ limit: 10 }) })
  return (
    <section className="card">
      <Title order={2} size="h4" mb="xs">
        Recent
      </Title>
      <Loaded query={recent}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState title="Nothing yet">What you import, train and register shows up here.</EmptyState>
          ) : (
            <Stack gap={6}>
              {items.map((item) => (
                <Group key={`${item.kind} ${item.id}`} gap="xs" wrap="nowrap">
                  {icons[item.kind]}
                  <Anchor component={Link} to={item.href} truncate maw={260}>
                    {item.title}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate>
                    {item.detail}
                  </Text>
                  <Text size="xs" c="dimmed" ml="auto">
                    <RelativeTime time={item.time} />
                  </Text>
                </Group>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </section>
  )
}

function Running() {
  const client = useClient()
  const jobs = useQuery({
    queryKey: ['jobs', 'home'],
    queryFn: async () =>
      (await client.jobs.list({ limit: 30 })).jobs.filter(({ state }) =>
        ['running', 'queued', 'failed'].includes(state),
      ),
    refetchInterval: 1_500,
  })
  return (
    <section className="card">
      <Title order={2} size="h4" mb="xs">
        Running now
      </Title>
      <Loaded query={jobs}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="All quiet">No job is running, and none has failed.</EmptyState>
          ) : (
            <Stack gap="sm">
              {list.slice(0, 6).map((job) => (
                <div key={job.id}>
                  <Group justify="space-between" wrap="nowrap">
                    <JobTitle job={job} />
                    <Text size="xs" c="dimmed">
                      {job.state === 'failed'
                        ? 'failed'
                        : job.progress.secondsLeft === null
                          ? job.progress.title
                          : `${formatSeconds(job.progress.secondsLeft)} left`}
                    </Text>
                  </Group>
                  {job.state === 'failed' ? (
                    <Text size="xs" c="red">
                      {job.error?.message}
                    </Text>
                  ) : (
                    <Progress value={job.progress.fraction * 100} size="sm" aria-label={`Progress of ${job.title}`} />
                  )}
                </div>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </section>
  )
}
