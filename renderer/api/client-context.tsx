import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { createContext, useContext, useEffect } from 'react'
import type { ChangeEvent } from '../../shared/domain/workspace.ts'
import type { MaestroClient } from './client.ts'

const ClientContext = createContext<MaestroClient | null>(null)

export function ClientProvider({ client, children }: { readonly client: MaestroClient; readonly children: ReactNode }) {
  return <ClientContext value={client}>{children}</ClientContext>
}

export function useClient(): MaestroClient {
  const client = useContext(ClientContext)
  if (!client) throw new Error('useClient is used outside of ClientProvider')
  return client
}

/** Which queries a change touches: the first part of their key. */
const touched: Readonly<Record<ChangeEvent['topic'], readonly string[]>> = {
  datasets: ['datasets', 'recent', 'status', 'trash'],
  jobs: ['jobs', 'status'],
  experiments: ['experiments', 'runs', 'recent', 'status', 'trash'],
  runs: ['runs', 'experiments', 'recent', 'trash'],
  models: ['models', 'recent', 'status', 'trash'],
  approvals: ['approvals', 'deployments', 'policy'],
  settings: ['settings'],
  workspace: ['status'],
  backups: ['backups'],
  identities: ['identities', 'status'],
  audit: ['audit'],
  notifications: ['notifications'],
  egress: ['egress'],
}

/** Reads again what has changed, at most twice a second however much happens. */
export function useChanges(): void {
  const client = useClient()
  const queries = useQueryClient()
  useEffect(() => {
    const stop = new AbortController()
    const stale = new Set<string>()
    const timer = setInterval(() => {
      for (const key of stale) void queries.invalidateQueries({ queryKey: [key] })
      stale.clear()
    }, 500)
    const listen = async () => {
      for await (const { topic } of await client.workspace.changes(undefined, { signal: stop.signal })) {
        for (const key of touched[topic]) stale.add(key)
      }
    }
    // Ends with the page or the host; the page says so when the host is gone.
    listen().catch(() => undefined)
    return () => {
      stop.abort()
      clearInterval(timer)
    }
  }, [client, queries])
}
