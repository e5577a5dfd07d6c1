import { finishIncoming, useWindowState } from '../../ui/window-state.ts'
import { PackageSheet } from '../approvals/package-sheet.tsx'
import { ImportSheet } from '../data/import-sheet.tsx'
import { ModelFileSheet } from '../models/model-file-sheet.tsx'
import { incomingName, isModelFile, isPackageFile, isReplyFile } from './incoming-name.ts'

/** The sheet of the first thing that waits to be taken in; the others follow it. */
export function IncomingSheets() {
  const incoming = useWindowState((state) => state.incoming)
  const [first] = incoming
  if (!first) return null
  const name = incomingName(first)
  const given = { given: first, waiting: incoming.length - 1, onClose: () => finishIncoming(first.key) }
  if (isPackageFile(name) || isReplyFile(name)) return <PackageSheet key={first.key} {...given} />
  return isModelFile(name) ? <ModelFileSheet key={first.key} {...given} /> : <ImportSheet key={first.key} {...given} />
}
