import { ActionIcon, Anchor, Group, NavLink, Progress, Text, Tooltip } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import {
  IconBox,
  IconChevronLeft,
  IconChevronRight,
  IconFlask,
  IconHome,
  IconSearch,
  IconSettings,
  IconSparkles,
  IconStethoscope,
  IconTable,
  IconTargetArrow,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useChanges, useClient } from '../api/client-context.tsx'
import { CommandPalette, openPalette } from './command-palette.tsx'
import { DropZone } from './drop-zone.tsx'
import { JobsDrawer } from './jobs-drawer.tsx'
import { useTheme } from './use-theme.ts'

const places: readonly { readonly label: string; readonly to: string; readonly icon: ReactNode }[] = [
  { label: 'Home', to: '/', icon: <IconHome size={18} /> },
  { label: 'Data', to: '/data', icon: <IconTable size={18} /> },
  { label: 'AutoML', to: '/automl', icon: <IconSparkles size={18} /> },
  { label: 'Experiments', to: '/experiments', icon: <IconFlask size={18} /> },
  { label: 'Models', to: '/models', icon: <IconBox size={18} /> },
  { label: 'Predict', to: '/predict', icon: <IconTargetArrow size={18} /> },
]
const below: typeof places = [
  { label: 'Trash', to: '/trash', icon: <IconTrash size={18} /> },
  { label: 'Doctor', to: '/doctor', icon: <IconStethoscope size={18} /> },
  { label: 'Settings', to: '/settings', icon: <IconSettings size={18} /> },
]

/** What stands around every page: where one can go, what is running, which workspace this is. */
export function AppFrame() {
  useChanges()
  useTheme()
  const [folded, setFolded] = useState(() => localStorage.getItem('sidebar') === 'folded')
  const [jobsOpen, setJobsOpen] = useState(false)
  useHotkeys([['mod+K', openPalette]])
  const fold = () => {
    localStorage.setItem('sidebar', folded ? '' : 'folded')
    setFolded(!folded)
  }
  return (
    <div className="frame" data-folded={folded}>
      <Anchor
        href="#content"
        className="skip-link"
        onClick={(event) => {
          event.preventDefault()
          document.querySelector<HTMLElement>('#content')?.focus()
        }}
      >
        Skip to the page
      </Anchor>
      <nav className="sidebar" aria-label="Main">
        <Group justify="space-between" px={6} mb={8} wrap="nowrap">
          {!folded && (
            <Text fw={700} size="md" className="nav-label">
              Maestro
            </Text>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={fold}
            aria-label={folded ? 'Unfold the sidebar' : 'Fold the sidebar'}
          >
            {folded ? <IconChevronRight size={16} /> : <IconChevronLeft size={16} />}
          </ActionIcon>
        </Group>
        <Tooltip label="Ctrl/Cmd + K" position="right">
          <NavLink
            component="button"
            type="button"
            label={folded ? '' : <span className="nav-label">Search</span>}
            aria-label="Search everything"
            leftSection={<IconSearch size={18} />}
            onClick={openPalette}
          />
        </Tooltip>
        {places.map((place) => (
          <Place key={place.to} {...place} folded={folded} />
        ))}
        <div style={{ marginTop: 'auto' }}>
          {below.map((place) => (
            <Place key={place.to} {...place} folded={folded} />
          ))}
        </div>
      </nav>
      <main className="content" id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <StatusBar onJobs={() => setJobsOpen(true)} />
      <JobsDrawer opened={jobsOpen} onClose={() => setJobsOpen(false)} />
      <CommandPalette />
      <DropZone />
    </div>
  )
}

function Place({
  label,
  to,
  icon,
  folded,
}: {
  readonly label: string
  readonly to: string
  readonly icon: ReactNode
  readonly folded: boolean
}) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  const active = to === '/' ? path === '/' : path.startsWith(to)
  return (
    <NavLink
      component={Link}
      to={to}
      active={active}
      aria-label={label}
      aria-current={active ? 'page' : undefined}
      label={folded ? '' : <span className="nav-label">{label}</span>}
      leftSection={icon}
      style={{ borderRadius: 4 }}
    />
  )
}

function StatusBar({ onJobs }: { readonly onJobs: () => void }) {
  const client = useClient()
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  const jobs = useQuery({
    queryKey: ['jobs', 'unfinished'],
    queryFn: async () =>
      (await client.jobs.list({ limit: 20 })).jobs.filter(({ state }) => state === 'running' || state === 'queued'),
    refetchInterval: (query) => ((query.state.data?.length ?? 0) > 0 ? 700 : false),
  })
  const running = jobs.data ?? []
  const [first] = running
  return (
    <footer className="status-bar">
      <span title={status.data?.path}>{status.data?.name ?? 'Workspace'}</span>
      <span>Local only</span>
      {status.data?.readOnly && (
        <strong>Read only: {status.data.problem ?? 'the workspace is open for reading'}</strong>
      )}
      <Group ml="auto" gap="xs" wrap="nowrap">
        {first && <Progress value={first.progress.fraction * 100} w={120} size="sm" aria-label={first.title} />}
        <button type="button" className="plain-button" onClick={onJobs}>
          {running.length === 0 ? 'Jobs' : `${running.length} ${running.length === 1 ? 'job' : 'jobs'} running`}
        </button>
      </Group>
    </footer>
  )
}
