import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { tellFailure } from './tell-failure.ts'

/** Says what was done, beside the page, with a button that takes it back. Where that fails, it is told. */
export function offerUndo(what: string, undo: () => Promise<unknown>): void {
  notifications.show({
    message: (
      <Group gap="xs">
        {what}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => void undo().catch(tellFailure('It could not be undone'))}
        >
          Undo
        </Button>
      </Group>
    ),
  })
}
