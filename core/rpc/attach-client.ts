import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { contract } from '../../shared/contract/contract.ts'
import type { ErrorRecord } from '../../shared/errors.ts'
import { fromErrorRecord, MaestroError } from '../../shared/errors.ts'
import type { HostRecord } from '../workspace/host-record.ts'
import { actorHeader } from './attach-host.ts'

export type MaestroClient = ContractRouterClient<typeof contract>

export interface AttachedHost {
  readonly client: MaestroClient
  /** Resolves when the connection has ended, by whom ever. */
  readonly gone: Promise<void>
  /** The address of the host's browser face, with a fresh token. */
  openBrowserFace(face: { host?: string | undefined; port?: number | undefined }): Promise<string>
  close(): void
}

/** Longer than a busy host needs to answer, shorter than somebody waits. */
const handshakeMs = 5_000

/**
 * Connects to the process that holds the workspace; null when nobody answers there (it is just starting, or has gone).
 * Throws as the host does when it answers but does not know the person (NOT_FOUND, IDENTITY_REVOKED).
 */
export async function attachToHost(record: HostRecord, actor: string | undefined): Promise<AttachedHost | null> {
  const authorization = `Bearer ${record.token}`
  const socket = new WebSocket(`ws://127.0.0.1:${record.port}/attach`, {
    headers: { authorization, ...(actor === undefined ? {} : { [actorHeader]: encodeURIComponent(actor) }) },
    handshakeTimeout: handshakeMs,
    maxPayload: 1024 * 1024 * 1024,
  })
  if (!(await isWelcome(socket))) return null
  const client: MaestroClient = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
  return {
    client,
    gone: new Promise((resolve) => socket.once('close', () => resolve())),
    async openBrowserFace({ host, port }) {
      const url = new URL(`http://127.0.0.1:${record.port}/browser`)
      if (host !== undefined) url.searchParams.set('host', host)
      if (port !== undefined) url.searchParams.set('port', String(port))
      const answer = await fetch(url, { method: 'POST', headers: { authorization } })
      if (!answer.ok)
        throw new MaestroError(
          'WORKSPACE_LOCKED',
          'The program that holds the workspace could not open its browser page.',
        )
      return ((await answer.json()) as { url: string }).url
    },
    close: () => socket.close(),
  }
}

function isWelcome(socket: WebSocket): Promise<boolean> {
  return new Promise((resolve, reject) => {
    socket.once('message', (data) => {
      const { refused } = JSON.parse(String(data)) as { refused?: ErrorRecord }
      if (refused) reject(fromErrorRecord(refused))
      else resolve(true)
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
