import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { WorkspaceConnection } from '../core/workspace/connect-or-open.ts'

/** Where the built pages lie, for the browser face. */
export const pagesFolder = fileURLToPath(new URL('../out/renderer', import.meta.url))

export interface LazyConnection {
  get(): Promise<WorkspaceConnection>
  /** Waits for those who came in through this process, and hands unfinished jobs over to a process in the background. */
  close(): Promise<void>
}

/** Help and wrong usage need no workspace: it is opened, and the natives are loaded, at the first use. */
export function openLazily(workspace: string, actor: string | undefined, note: (line: string) => void): LazyConnection {
  let connection: Promise<WorkspaceConnection> | null = null
  return {
    get() {
      connection ??= openWorkspace(workspace, actor)
      return connection
    },
    async close() {
      const opened = await connection?.catch(() => null)
      if (!opened?.isOpen()) return
      if (opened.guests() > 0) note('Another command uses the workspace through this one; waiting until it has ended.')
      await opened.guestsLeft()
      const isUnfinished = (opened.app?.jobs.unfinishedCount() ?? 0) > 0
      await opened.close()
      if (isUnfinished) startBackgroundHost(workspace)
    },
  }
}

export async function openWorkspace(workspace: string, actor?: string): Promise<WorkspaceConnection> {
  const { connectOrOpen } = await import('../core/workspace/connect-or-open.ts')
  return connectOrOpen(workspace, { actor, pages: pagesFolder, face: 'cli' })
}

/** A process without a terminal that holds the workspace until its jobs have ended. It does nothing if another one holds it. */
function startBackgroundHost(workspace: string): void {
  const program = fileURLToPath(new URL('./background-host.ts', import.meta.url))
  spawn(process.execPath, [program, workspace], { detached: true, stdio: 'ignore', windowsHide: true }).unref()
}

/** Attaches to a host that lives on after this command; starts one when there is none. */
export async function connectToBackground(workspace: string, actor: string | undefined): Promise<WorkspaceConnection> {
  startBackgroundHost(workspace)
  const { connectOrOpen } = await import('../core/workspace/connect-or-open.ts')
  return connectOrOpen(workspace, { actor, pages: pagesFolder, attachOnly: true })
}
