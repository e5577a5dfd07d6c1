import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { tellFailure } from '../../ui/tell-failure.ts'

/** Saves the comparison as one page to send to somebody. */
export function SaveDiff({ references: [a, b] }: { readonly references: readonly [string, string] }) {
  const client = useClient()
  const save = useMutation({
    mutationFn: () => client.explain.diffPage({ a, b }),
    onSuccess: ({ path, href }) => saveUrl(path, href ?? ''),
    onError: tellFailure('The page was not saved'),
  })
  return (
    <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
      Save as page
    </Button>
  )
}
