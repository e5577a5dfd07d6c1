import { Spotlight, spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../api/client-context.tsx'

export const openPalette = () => spotlight.open()

const pages = [
  { label: 'Home', description: 'Recent work, sample project', to: '/' },
  { label: 'Data', description: 'Import and look at tables', to: '/data' },
  { label: 'Find a model', description: 'Start AutoML on a table', to: '/automl' },
  { label: 'Experiments', description: 'Runs, compare', to: '/experiments' },
  { label: 'Models', description: 'Registered models and versions', to: '/models' },
  { label: 'Predict', description: 'Score rows or a file', to: '/predict' },
  { label: 'Trash', description: 'Restore what was deleted', to: '/trash' },
  { label: 'Doctor', description: 'Check this installation', to: '/doctor' },
  { label: 'Settings', description: 'Theme, threads, backups', to: '/settings' },
]

/** Ctrl/Cmd+K: pages, and everything in the workspace by name. */
export function CommandPalette() {
  const client = useClient()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const found = useQuery({
    queryKey: ['search', text],
    queryFn: () => client.workspace.search({ text, limit: 20 }),
    enabled: text.trim().length > 0,
  })
  const wanted = text.trim().toLowerCase()
  const matching = pages.filter(({ label, description }) => `${label} ${description}`.toLowerCase().includes(wanted))
  return (
    <Spotlight.Root query={text} onQueryChange={setText} shortcut={null} title="Search everything">
      <Spotlight.Search placeholder="Go to a page, dataset, run, model…" aria-label="Search everything" />
      <Spotlight.ActionsList>
        {matching.map(({ label, description, to }) => (
          <Spotlight.Action key={to} label={label} description={description} onClick={() => void navigate({ to })} />
        ))}
        {(found.data ?? []).map(({ kind, title, detail, href }) => (
          <Spotlight.Action
            key={`${kind} ${href}`}
            label={title}
            description={detail}
            onClick={() => void navigate({ to: href })}
          />
        ))}
        {matching.length === 0 && (found.data ?? []).length === 0 && (
          <Spotlight.Empty>Nothing is named like that.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
