import { Button, FileButton } from '@mantine/core'
import { receive } from '../../ui/window-state.ts'

/** Opens a package that a colleague sent, or takes in the reply to one of ours; the same as dropping it on the window. */
export function OpenPackageButton() {
  return (
    <FileButton onChange={(file) => file && receive([{ file }])} accept=".maestro,.json">
      {(props) => (
        <Button {...props} variant="default">
          Open a package or a reply
        </Button>
      )}
    </FileButton>
  )
}
