import type { WorkspaceStatus } from '../../shared/domain/workspace.ts'
import { MaestroError } from '../../shared/errors.ts'

/** Whether the workspace may be written, and what is known of its file. */
export interface WorkspaceHealth {
  readonly integrity: () => WorkspaceStatus['integrity']
  /** Why it is read-only, and what can be done; null when all is well. */
  readonly problem: () => string | null
  readonly assertWritable: () => void
  /** The check has begun. */
  checking(): void
  sound(): void
  /** From now on nothing is written. */
  damaged(damage: readonly string[]): void
}

export function createWorkspaceHealth(): WorkspaceHealth {
  let integrity: WorkspaceStatus['integrity'] = 'unchecked'
  let problem: string | null = null
  return {
    integrity: () => integrity,
    problem: () => problem,
    assertWritable() {
      if (problem === null) return
      throw new MaestroError('READ_ONLY', undefined, problem)
    },
    checking() {
      integrity = 'checking'
    },
    sound() {
      if (integrity === 'checking') integrity = 'ok'
    },
    damaged(damage) {
      integrity = 'damaged'
      problem = `The workspace file is damaged (${damage.slice(0, 3).join('; ')}). Nothing is written any more. Restore a backup, or export what can still be read.`
    },
  }
}
