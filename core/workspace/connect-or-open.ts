import type { SupportedMessagePort } from '@orpc/client/message-port'
import { createRouterClient } from '@orpc/server'
import { RPCHandler as MessagePortHandler } from '@orpc/server/message-port'
import { MaestroError } from '../../shared/errors.ts'
import type { App, AppOptions } from '../app.ts'
import { openApp } from '../app.ts'
import type { AttachedHost, MaestroClient } from '../rpc/attach-client.ts'
import { attachToHost } from '../rpc/attach-client.ts'
import { startAttachHost } from '../rpc/attach-host.ts'
import type { BrowserHost } from '../rpc/browser-host.ts'
import { startBrowserHost } from '../rpc/browser-host.ts'
import { forwardingRouter } from '../rpc/forwarding-router.ts'
import type { RequestContext } from '../rpc/procedures.ts'
import { router } from '../rpc/router.ts'
import { readHostRecord, removeHostRecord, writeHostRecord } from './host-record.ts'
import type { WorkspaceLock } from './workspace-lock.ts'
import { takeWorkspaceLock } from './workspace-lock.ts'
import { createWorkspaceFolders, workspacePaths } from './workspace-paths.ts'

export interface ConnectOptions extends AppOptions {
  /** As whom the client acts. Default: the workspace's owner. */
  readonly actor?: string | undefined
  /** Folder of the built renderer, for the browser face. */
  readonly pages: string
  /** Only attaches: for who must not hold the workspace, since it leaves soon. */
  readonly attachOnly?: boolean
  /** How long to wait for a host that starts or ends. Default 15,000 ms. */
  readonly patienceMs?: number
}

/** A way into a workspace: through this process, which then holds it, or through the one that does. */
export interface WorkspaceConnection {
  readonly client: MaestroClient
  /** Present when this process holds the workspace. */
  readonly app: App | null
  /** Resolves when the holding process has gone; never for one's own. */
  readonly gone: Promise<void>
  /** Opens the browser face, or finds the one that is open; the answer is its address with a fresh one-time token. */
  openBrowserFace(face?: { host?: string | undefined; port?: number | undefined }): Promise<string>
  /** Speaks the contract over a message port, as the desktop's windows do. */
  servePort(port: SupportedMessagePort): void
  /** Others that are connected through this process. */
  guests(): number
  /** Resolves when no guest is left. */
  guestsLeft(): Promise<void>
  /** False once it has been closed. */
  isOpen(): boolean
  close(): Promise<void>
}

const retryMs = 50

/**
 * Opens the workspace, or attaches to the process that holds it, so that nothing fails because the app is open. Who comes
 * first holds it; who comes while it starts or ends waits a moment. Throws WORKSPACE_LOCKED when the holder does not answer.
 */
export async function connectOrOpen(folder: string, options: ConnectOptions): Promise<WorkspaceConnection> {
  const paths = workspacePaths(folder)
  createWorkspaceFolders(paths)
  const deadline = Date.now() + (options.patienceMs ?? 15_000)
  for (;;) {
    const lock = options.attachOnly ? null : takeWorkspaceLock(paths.root)
    if (lock) return openHere(paths.root, lock, options)
    const record = readHostRecord(paths.root)
    const host = record && (await attachToHost(record, options.actor))
    if (host) return attached(host)
    if (Date.now() > deadline) {
      throw new MaestroError(
        'WORKSPACE_LOCKED',
        undefined,
        `It is process ${record?.pid ?? 'unknown'}. Wait for it, or end it; nothing is lost by that.`,
        { pid: record?.pid ?? null, folder: paths.root },
      )
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

function attached(host: AttachedHost): WorkspaceConnection {
  let isOpen = true
  void host.gone.then(() => {
    isOpen = false
  })
  return {
    client: host.client,
    app: null,
    gone: host.gone,
    openBrowserFace: (face = {}) => host.openBrowserFace(face),
    servePort: (port) => new MessagePortHandler(forwardingRouter(host.client)).upgrade(port, { context: {} }),
    guests: () => 0,
    guestsLeft: () => Promise.resolve(),
    isOpen: () => isOpen,
    async close() {
      host.close()
      await host.gone
    },
  }
}

async function openHere(root: string, lock: WorkspaceLock, options: ConnectOptions): Promise<WorkspaceConnection> {
  let app: App
  try {
    app = await openApp(root, options)
  } catch (error) {
    lock.release()
    throw error
  }
  try {
    return await hostWorkspace(root, lock, app, options)
  } catch (error) {
    await app.close()
    lock.release()
    throw error
  }
}

async function hostWorkspace(
  root: string,
  lock: WorkspaceLock,
  app: App,
  { actor: actorName, pages }: ConnectOptions,
): Promise<WorkspaceConnection> {
  const { actorOf } = app.identities
  const actor = actorOf(actorName)
  let browser: Promise<BrowserHost> | null = null
  async function openBrowserFace({ host, port }: { host?: string | undefined; port?: number | undefined } = {}) {
    browser ??= startBrowserHost({ pages, app, actor: actorOf(undefined), host, port })
    try {
      return (await browser).newUrl()
    } catch (error) {
      browser = null
      throw error
    }
  }
  const guests = await startAttachHost({ app, actorOf, openBrowserFace })
  guests.admit(writeHostRecord(root, guests.port).token)
  const context: RequestContext = { app, actor, correlationId: '' }
  let closing: Promise<void> | null = null
  async function close(): Promise<void> {
    // First the record, so that whoever comes now waits for the lock instead of a door that closes.
    removeHostRecord(root)
    await guests.close()
    if (browser) await (await browser).close()
    await app.close()
    lock.release()
  }
  return {
    client: createRouterClient(router, { context }),
    app,
    gone: new Promise(() => undefined),
    openBrowserFace,
    servePort: (port) => new MessagePortHandler(router).upgrade(port, { context }),
    guests: guests.clientCount,
    guestsLeft: guests.guestsLeft,
    isOpen: () => closing === null,
    close() {
      closing ??= close()
      return closing
    },
  }
}
