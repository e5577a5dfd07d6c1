import { create } from 'zustand'
import { readRemembered, remember } from './remembered.ts'

/** Something to take in: a file that was dropped or chosen, a text that was pasted, or a file that the system asked to open. */
export type Incoming = { readonly file: File } | { readonly text: string } | { readonly path: string }

interface WindowState {
  /** What waits to be taken in, the first one is being looked at. */
  readonly incoming: readonly (Incoming & { readonly key: number })[]
  readonly jobsOpen: boolean
  readonly shortcutsOpen: boolean
  readonly sidebarFolded: boolean
}

/** The little state that is only the window's and that no address holds. */
export const useWindowState = create<WindowState>(() => ({
  incoming: [],
  jobsOpen: false,
  shortcutsOpen: false,
  sidebarFolded: readRemembered('sidebar') === 'folded',
}))

let received = 0

/** Opens a sheet for each thing, one after the other. */
export function receive(things: readonly Incoming[]): void {
  const added = things.map((thing) => ({ ...thing, key: received++ }))
  useWindowState.setState(({ incoming }) => ({ incoming: [...incoming, ...added] }))
}

/** The first thing was taken in, or was not wanted: on with the next. */
export function finishIncoming(key: number): void {
  useWindowState.setState(({ incoming }) => ({ incoming: incoming.filter((each) => each.key !== key) }))
}

export function showJobs(jobsOpen: boolean): void {
  useWindowState.setState({ jobsOpen })
}

export function showShortcuts(shortcutsOpen: boolean): void {
  useWindowState.setState({ shortcutsOpen })
}

export function foldSidebar(sidebarFolded: boolean): void {
  remember('sidebar', sidebarFolded ? 'folded' : 'open')
  useWindowState.setState({ sidebarFolded })
}

/** Endings of what can be taken in, for file choosers. */
export const tableEndings = '.csv,.tsv,.txt,.parquet,.arrow,.feather,.gz'
export const incomingEndings = `${tableEndings},.onnx,.maestro`

/** Lets people choose files, from a menu or a key where there is no button to hold the chooser. */
export function chooseFiles(): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.multiple = true
  input.accept = incomingEndings
  input.addEventListener('change', () => receive(Array.from(input.files ?? [], (file) => ({ file }))))
  input.click()
}
