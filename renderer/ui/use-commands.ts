import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Settings } from '../../shared/domain/workspace.ts'
import { useClient } from '../api/client-context.tsx'
import { readError } from '../api/errors.ts'
import { chooseFiles, foldSidebar, showJobs, showShortcuts, useWindowState } from './window-state.ts'

/** Something that can be done from anywhere. */
export interface Command {
  readonly label: string
  readonly description: string
  readonly run: () => void
}

/** What the palette can do beside going somewhere. */
export function useCommands(): readonly Command[] {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const folded = useWindowState((state) => state.sidebarFolded)
  const attempt = (what: Promise<unknown>) => {
    what.catch((error: unknown) => {
      const { message, hint } = readError(error)
      notifications.show({ color: 'red', title: message, message: hint })
    })
  }
  const set = (change: Partial<Settings>) =>
    attempt(client.settings.set(change).then((next) => queries.setQueryData(['settings'], next)))
  return [
    { label: 'Import a table or a model', description: 'Choose files on this computer', run: chooseFiles },
    {
      label: 'Start a new search',
      description: 'Find a model for a table',
      run: () => void navigate({ to: '/automl' }),
    },
    { label: 'Show the jobs', description: 'What runs and what ran', run: () => showJobs(true) },
    { label: 'Switch to the light theme', description: 'Appearance', run: () => set({ theme: 'light' }) },
    { label: 'Switch to the dark theme', description: 'Appearance', run: () => set({ theme: 'dark' }) },
    { label: 'Switch to high contrast', description: 'Appearance', run: () => set({ theme: 'contrast' }) },
    { label: 'Follow the theme of the system', description: 'Appearance', run: () => set({ theme: 'system' }) },
    { label: 'Compact rows', description: 'Appearance', run: () => set({ density: 'compact' }) },
    { label: 'Comfortable rows', description: 'Appearance', run: () => set({ density: 'comfortable' }) },
    {
      label: folded ? 'Unfold the sidebar' : 'Fold the sidebar',
      description: 'Appearance',
      run: () => foldSidebar(!folded),
    },
    {
      label: 'Back up now',
      description: 'A checked copy of the workspace',
      run: () =>
        attempt(
          client.backups.create().then(({ backup }) => {
            notifications.show({ message: `The backup ${backup.name} was made.` })
            return queries.invalidateQueries({ queryKey: ['backups'] })
          }),
        ),
    },
    {
      label: 'Show the keyboard shortcuts',
      description: 'Every key that does something',
      run: () => showShortcuts(true),
    },
  ]
}
