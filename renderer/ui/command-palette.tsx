import { Spotlight, spotlight } from '@mantine/spotlight'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../api/client-context.tsx'
import { footPlaces, places } from './places.ts'
import { useCommands } from './use-commands.ts'

export const openPalette = () => spotlight.open()

/** Ctrl/Cmd+K: pages, things to do, and everything in the workspace by name. */
export function CommandPalette() {
  const client = useClient()
  const navigate = useNavigate()
  const commands = useCommands()
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = useQuery({
    queryKey: ['search', wanted],
    queryFn: () => client.workspace.search({ text: wanted, limit: 20 }),
    enabled: wanted !== '',
    placeholderData: keepPreviousData,
  })
  const words = wanted.split(/\s+/)
  const fits = ({ label, description }: { readonly label: string; readonly description: string }) => {
    const all = `${label} ${description}`.toLowerCase()
    return words.every((word) => all.includes(word))
  }
  const pages = [...places, ...footPlaces].filter(fits)
  const doable = commands.filter(fits)
  const hits = wanted === '' ? [] : (found.data ?? [])
  return (
    <Spotlight.Root query={text} onQueryChange={setText} shortcut={null} title="Search everything" scrollable>
      <Spotlight.Search
        placeholder="Go to a page, dataset, run, model… or do something"
        aria-label="Search everything"
      />
      <Spotlight.ActionsList>
        {hits.length > 0 && (
          <Spotlight.ActionsGroup label="In this workspace">
            {hits.map(({ kind, title, detail, href }) => (
              <Spotlight.Action
                key={`${kind} ${href}`}
                label={title}
                description={detail}
                onClick={() => void navigate({ to: href })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {doable.length > 0 && (
          <Spotlight.ActionsGroup label="Do">
            {doable.map(({ label, description, run }) => (
              <Spotlight.Action key={label} label={label} description={description} onClick={run} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Go to">
            {pages.map(({ label, description, to }) => (
              <Spotlight.Action
                key={to}
                label={label}
                description={description}
                onClick={() => void navigate({ to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length + doable.length + hits.length === 0 && !found.isFetching && (
          <Spotlight.Empty>Nothing is named like that.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
