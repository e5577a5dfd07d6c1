import type { ModalProps } from '@mantine/core'
import { Button, Group, Modal, Stack } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorState } from './states.tsx'

/**
 * Fields or a question in a dialog, and the one thing that is done: Enter does it, Cancel and Escape do not. What goes
 * wrong stands above the buttons. It closes only by `onClose`: what follows a success is up to `change`.
 */
export function FormDialog<Data>({
  title,
  action,
  dismiss = 'Cancel',
  color,
  change,
  isReady = true,
  size,
  onClose,
  children,
}: {
  readonly title: string
  /** What the button says. */
  readonly action: string
  /** What the other one says. Default: Cancel. */
  readonly dismiss?: string
  /** Of the button, as `red` where something ends. */
  readonly color?: string
  readonly change: UseMutationResult<Data, Error, void>
  /** Whether the fields hold what is needed. Default true. */
  readonly isReady?: boolean
  readonly size?: ModalProps['size']
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  return (
    <Modal opened onClose={onClose} title={title} {...(size ? { size } : {})}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <Stack>
          {children}
          {change.isError && <ErrorState error={change.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {dismiss}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!isReady} {...(color ? { color } : {})}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
