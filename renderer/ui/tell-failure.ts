import { notifications } from '@mantine/notifications'
import { readError } from '../api/errors.ts'

/**
 * What to do with an error that has no place on the page: tell beside it what was not done, why, and what to do. `title`
 * is what was not done.
 */
export function tellFailure(title = 'That did not work'): (error: Error) => void {
  return (error) => {
    const { message, hint } = readError(error)
    notifications.show({ color: 'red', title, message: `${message} ${hint}`.trim() })
  }
}
