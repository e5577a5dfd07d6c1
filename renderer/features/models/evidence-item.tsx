import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { tellFailure } from '../../ui/tell-failure.ts'

/** Saves everything that an auditor asks for about a version as one file. */
export function EvidenceItem({ reference }: { readonly reference: string }) {
  const client = useClient()
  const save = useMutation({
    mutationFn: () => client.evidence.version({ model: reference }),
    onSuccess: ({ path, href, entries, auditSigned }) => {
      if (href !== null) saveUrl(path, href)
      notifications.show({
        title: 'The evidence was saved',
        message: `It has the card, the signed decisions, ${entries} entries of the audit log and how to verify them.${
          auditSigned ? '' : ' The log is not signed: sign a checkpoint on the audit page first.'
        }`,
      })
    },
    onError: tellFailure('The evidence was not saved'),
  })
  return (
    <Menu.Item closeMenuOnClick={false} disabled={save.isPending} onClick={() => save.mutate()}>
      {save.isPending ? 'Packing the evidence…' : 'Save evidence for an auditor'}
    </Menu.Item>
  )
}
