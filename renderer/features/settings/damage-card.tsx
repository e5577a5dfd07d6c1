import { Alert, Button, Group, List, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Shown only while the workspace is damaged: what is wrong, and the two ways out. */
export function DamageCard() {
  const client = useClient()
  const status = useQuery({ queryKey: ['status'], queryFn: () => client.workspace.status() })
  const [typed, setTyped] = useState<string | null>(null)
  const folder = typed ?? `${status.data?.path ?? ''}-salvaged`
  const salvage = useMutation({ mutationFn: () => client.workspace.salvage({ folder: folder.trim() }) })
  if (status.data?.integrity !== 'damaged') return null
  const rows = Object.values(salvage.data?.tables ?? {}).reduce((sum, count) => sum + count, 0)
  return (
    <Alert color="red" variant="light" title="This workspace is damaged" mb="md" role="alert">
      <Stack gap="sm">
        <Text size="sm">{status.data.problem}</Text>
        <Text size="sm">
          Restore a backup in <Link to="/settings">Settings</Link>, or copy everything that can still be read into a
          folder. Copying changes nothing here.
        </Text>
        <Group align="flex-end">
          <TextInput
            label="Folder to copy to"
            description="On the computer that holds the workspace"
            value={folder}
            onChange={(event) => setTyped(event.currentTarget.value)}
            style={{ flex: 1 }}
            miw={260}
          />
          <Button loading={salvage.isPending} disabled={folder.trim() === ''} onClick={() => salvage.mutate()}>
            Export what can be read
          </Button>
        </Group>
        {salvage.error && <ErrorState error={salvage.error} />}
        {salvage.data && (
          <div role="status">
            <Text size="sm">
              {rows.toLocaleString('en')} rows and {salvage.data.blobs.toLocaleString('en')} files were copied to{' '}
              {salvage.data.folder}.
            </Text>
            {salvage.data.lost.length > 0 && (
              <List size="sm">
                {salvage.data.lost.slice(0, 10).map((what) => (
                  <List.Item key={what}>{what}</List.Item>
                ))}
                {salvage.data.lost.length > 10 && (
                  <List.Item>and {salvage.data.lost.length - 10} more, listed in salvage.json</List.Item>
                )}
              </List>
            )}
          </div>
        )}
      </Stack>
    </Alert>
  )
}
