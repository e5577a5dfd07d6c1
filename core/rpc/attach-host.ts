import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { toErrorRecord } from '../../shared/errors.ts'
import type { App } from '../app.ts'
import type { Actor } from '../services/service-context.ts'
import { listenOnLoopback } from './listen-on-loopback.ts'
import type { RequestContext } from './procedures.ts'
import { router } from './router.ts'

export interface AttachHost {
  readonly port: number
  /** From now on only who sends this is let in. */
  admit(token: string): void
  clientCount(): number
  /** Resolves when nobody is in. Others may come meanwhile. */
  guestsLeft(): Promise<void>
  close(): Promise<void>
}

/** The header with which a command says as whom it acts. */
export const actorHeader = 'x-maestro-actor'

/**
 * Where other commands and windows of the same user reach the process that holds the workspace: the contract over a
 * WebSocket on the loopback address, for who has the token of the host record.
 */
export async function startAttachHost(options: {
  readonly app: App
  /** Throws when there is no such person in the workspace. */
  readonly actorOf: (name: string | undefined) => Actor
  /** Opens this host's browser face, for `maestro serve`; the answer is its address with a fresh token. */
  readonly openBrowserFace: (face: { host?: string; port?: number }) => Promise<string>
}): Promise<AttachHost> {
  let token: string | null = null
  let closing = false
  const handler = new RPCHandler(router)
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.writeHead(500).end(),
    )
  })

  function refusal(request: IncomingMessage): number | null {
    if (closing || token === null) return 503
    const [, given = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    // A page cannot send this header; the Origin check is for the day that browsers change their mind.
    if (request.headers.origin !== undefined || !isEqual(given, token)) return 401
    return null
  }

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const status = refusal(request)
    if (status !== null) return { status, body: {} }
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (request.method !== 'POST' || url.pathname !== '/browser') return { status: 404, body: {} }
    const host = url.searchParams.get('host')
    const port = url.searchParams.get('port')
    return {
      status: 200,
      body: {
        url: await options.openBrowserFace({ ...(host ? { host } : {}), ...(port ? { port: Number(port) } : {}) }),
      },
    }
  }

  const sockets = new WebSocketServer({
    server,
    path: '/attach',
    verifyClient: ({ req }: { req: IncomingMessage }, done: (allowed: boolean, status?: number) => void) => {
      const status = refusal(req)
      done(status === null, status ?? undefined)
    },
  })
  sockets.on('connection', (socket, request) => {
    try {
      const name = request.headers[actorHeader]
      const actor = options.actorOf(typeof name === 'string' ? decodeURIComponent(name) : undefined)
      const context: RequestContext = { app: options.app, actor, correlationId: '' }
      handler.upgrade(socket, { context }).catch(() => socket.terminate())
      socket.send(JSON.stringify({ welcome: true }))
    } catch (error) {
      socket.send(JSON.stringify({ refused: toErrorRecord(error) }))
      socket.close(4003)
    }
  })
  const port = await listenOnLoopback(server)
  return {
    port,
    admit: (given) => {
      token = given
    },
    clientCount: () => sockets.clients.size,
    async guestsLeft() {
      while (sockets.clients.size > 0) {
        const [one] = sockets.clients
        await new Promise((resolve) => one?.once('close', resolve))
      }
    },
    close: () =>
      new Promise((resolve) => {
        closing = true
        for (const client of sockets.clients) client.terminate()
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
