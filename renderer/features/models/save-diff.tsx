import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { saveUrl } from '../../api/upload.ts'

/** Saves the comparison as one page to send to somebody. */
export function SaveDiff({ references: [a, b] }: { readonly references: readonly [string, string] }) {
  const client = useClient()
  const save = useMutation({
    mutationFn: () => client.explain.diffPage({ a, b }),
    onSuccess: ({ path, href }) => saveUrl(path, href ?? ''),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The page was not saved', message: readError(error).message }),
  })
  return (
    <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
      Save as page
    </Button>
  )
}
