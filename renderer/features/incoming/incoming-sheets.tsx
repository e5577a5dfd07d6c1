import { finishIncoming, useWindowState } from '../../ui/window-state.ts'
import { ImportSheet } from '../data/import-sheet.tsx'
import { ModelFileSheet } from '../models/model-file-sheet.tsx'
import { incomingName, isModelFile } from './incoming-name.ts'

/** The sheet of the first thing that waits to be taken in; the others follow it. */
export function IncomingSheets() {
  const incoming = useWindowState((state) => state.incoming)
  const [first] = incoming
  if (!first) return null
  const Sheet = isModelFile(incomingName(first)) ? ModelFileSheet : ImportSheet
  return <Sheet key={first.key} given={first} waiting={incoming.length - 1} onClose={() => finishIncoming(first.key)} />
}
