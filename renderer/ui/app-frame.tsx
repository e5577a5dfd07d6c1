import { ActionIcon, Anchor, Group, NavLink, Progress, Text, Tooltip } from '@mantine/core'
import {
  IconBox,
  IconChevronLeft,
  IconChevronRight,
  IconFlask,
  IconHome,
  IconListCheck,
  IconRosetteDiscountCheck,
  IconSearch,
  IconSettings,
  IconSparkles,
  IconStethoscope,
  IconTable,
  IconTargetArrow,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useChanges, useClient } from '../api/client-context.tsx'
import { IncomingSheets } from '../features/incoming/incoming-sheets.tsx'
import { CommandPalette, openPalette } from './command-palette.tsx'
import { DropZone } from './drop-zone.tsx'
import { JobsDrawer } from './jobs-drawer.tsx'
import { NotificationBell } from './notification-bell.tsx'
import type { Place } from './places.ts'
import { footPlaces, places } from './places.ts'
import { ShortcutsSheet } from './shortcuts-sheet.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import { useTheme } from './use-theme.ts'
import { foldSidebar, showJobs, useWindowState } from './window-state.ts'

const icons: Readonly<Record<string, ReactNode>> = {
  '/': <IconHome size={18} />,
  '/data': <IconTable size={18} />,
  '/automl': <IconSparkles size={18} />,
  '/experiments': <IconFlask size={18} />,
  '/models': <IconBox size={18} />,
  '/approvals': <IconRosetteDiscountCheck size={18} />,
  '/predict': <IconTargetArrow size={18} />,
  '/trash': <IconTrash size={18} />,
  '/audit': <IconListCheck size={18} />,
  '/people': <IconUsers size={18} />,
  '/doctor': <IconStethoscope size={18} />,
  '/settings': <IconSettings size={18} />,
}

/** What stands around every page: where one can go, what is running, which workspace this is. */
export function AppFrame() {
  useChanges()
  useTheme()
  const folded = useWindowState((state) => state.sidebarFolded)
  const jobsOpen = useWindowState((state) => state.jobsOpen)
  useShortcuts()
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
            onClick={() => foldSidebar(!folded)}
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
          <PlaceLink key={place.to} place={place} folded={folded} />
        ))}
        <div style={{ marginTop: 'auto' }}>
          {footPlaces.map((place) => (
            <PlaceLink key={place.to} place={place} folded={folded} />
          ))}
        </div>
      </nav>
      <main className="content" id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <StatusBar onJobs={() => showJobs(true)} />
      <JobsDrawer opened={jobsOpen} onClose={() => showJobs(false)} />
      <CommandPalette />
      <DropZone />
      <IncomingSheets />
      <ShortcutsSheet />
    </div>
  )
}

function PlaceLink({ place, folded }: { readonly place: Place; readonly folded: boolean }) {
  const { label, to } = place
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
      leftSection={icons[to]}
      style={{ borderRadius: 4 }}
    />
  )
}

function StatusBar({ onJobs }: { readonly onJobs: () => void }) {
  const client = useClient()
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  const egress = useQuery({ queryKey: ['egress'], queryFn: () => client.egress.status() })
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
      {egress.data?.on ? (
        <Link className="plain-button" to="/settings/notifications">
          Notifications may leave
        </Link>
      ) : (
        <span>Local only</span>
      )}
      {status.data?.readOnly && (
        <strong>
          Read only: {status.data.problem ?? 'the workspace is open for reading'} <Link to="/doctor">What to do</Link>
        </strong>
      )}
      <Group ml="auto" gap="xs" wrap="nowrap">
        {first && <Progress value={first.progress.fraction * 100} w={120} size="sm" aria-label={first.title} />}
        <NotificationBell />
        <button type="button" className="plain-button" onClick={onJobs}>
          {running.length === 0 ? 'Jobs' : `${running.length} ${running.length === 1 ? 'job' : 'jobs'} running`}
        </button>
      </Group>
    </footer>
  )
}
