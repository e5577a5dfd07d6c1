/** A page that has an address of its own; the letter opens it after G. */
export interface Place {
  readonly label: string
  readonly description: string
  readonly to: string
  readonly letter: string
}

/** Where one can go, in the order of the sidebar. */
export const places: readonly Place[] = [
  { label: 'Home', description: 'Recent work, sample project', to: '/', letter: 'h' },
  { label: 'Data', description: 'Import and look at tables', to: '/data', letter: 'd' },
  { label: 'AutoML', description: 'Find a model for a table', to: '/automl', letter: 'a' },
  { label: 'Experiments', description: 'Runs, compare', to: '/experiments', letter: 'e' },
  { label: 'Models', description: 'Registered models and versions', to: '/models', letter: 'm' },
  { label: 'Approvals', description: 'What waits for a decision', to: '/approvals', letter: 'v' },
  { label: 'Predict', description: 'Score rows or a file', to: '/predict', letter: 'p' },
]

/** What stands at the foot of the sidebar. */
export const footPlaces: readonly Place[] = [
  { label: 'Trash', description: 'Restore what was deleted', to: '/trash', letter: 't' },
  { label: 'Audit log', description: 'What was done and refused', to: '/audit', letter: 'l' },
  { label: 'People', description: 'Roles and signing keys', to: '/people', letter: 'k' },
  { label: 'Doctor', description: 'Check this installation', to: '/doctor', letter: 'o' },
  { label: 'Settings', description: 'Theme, threads, backups', to: '/settings', letter: 's' },
]
