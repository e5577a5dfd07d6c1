import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where everything of a workspace lies; all paths are absolute. */
export interface WorkspacePaths {
  readonly root: string
  /** The SQLite file. */
  readonly database: string
  /** The content-addressed store. */
  readonly blobs: string
  /** One folder a running job, removed after its end. */
  readonly scratch: string
  /** Files that a window sent and nobody has taken over yet. */
  readonly uploads: string
  readonly backups: string
  readonly logs: string
}

export function workspacePaths(folder: string): WorkspacePaths {
  const root = resolve(folder)
  return {
    root,
    database: join(root, 'workspace.db'),
    blobs: join(root, 'blobs'),
    scratch: join(root, 'scratch'),
    uploads: join(root, 'uploads'),
    backups: join(root, 'backups'),
    logs: join(root, 'logs'),
  }
}

/** Makes the folders that are missing, readable for their owner only. */
export function createWorkspaceFolders(paths: WorkspacePaths): void {
  const { root, blobs, scratch, uploads, backups, logs } = paths
  for (const folder of [root, blobs, scratch, uploads, backups, logs]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }
}

/** The workspace that is meant when none is named: in the user's data folder, where Electron's app keeps its own too. */
export function defaultWorkspaceFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (platform === 'win32') {
    return join(environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Maestro', 'workspace')
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Maestro', 'workspace')
  return join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Maestro', 'workspace')
}
