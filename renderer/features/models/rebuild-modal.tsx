import { Alert, Button, Group, Modal, Progress, Stack, Table, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RebuildResult } from '../../../shared/domain/recipes.ts'
import { rebuildResult } from '../../../shared/domain/recipes.ts'
import { useClient } from '../../api/client-context.tsx'
import { followJob } from '../../api/follow-job.ts'
import { Digest } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Trains the version again by its recipe, shows how far it is, and then whether the file is the same. */
export function RebuildModal({
  reference,
  opened,
  onClose,
}: {
  readonly reference: string
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<{ readonly fraction: number; readonly title: string } | null>(null)
  const rebuild = useMutation({
    mutationFn: async () => {
      const { job } = await client.models.rebuild({ model: reference })
      const result = await followJob(client, job.id, ({ fraction, title, detail }) =>
        setProgress({ fraction, title: `${title} ${detail}` }),
      )
      return rebuildResult.parse(result)
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['models'] }),
    onSettled: () => setProgress(null),
  })
  return (
    <Modal opened={opened} onClose={onClose} title="Rebuild this version" size="lg">
      <Stack>
        <Text size="sm">
          Every fit in the recipe is done again, on the same rows with the same seeds, without a search. The file must
          come out byte for byte as it was registered; if not, what differs is listed. The result is kept with the
          version.
        </Text>
        {progress && (
          <div>
            <Progress value={progress.fraction * 100} aria-label="Rebuilding" />
            <Text size="xs" c="dimmed" mt={4}>
              {progress.title}
            </Text>
          </div>
        )}
        {rebuild.error && <ErrorState error={rebuild.error} />}
        {rebuild.data && <RebuildReport result={rebuild.data} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {rebuild.isPending ? 'Go on in the background' : 'Close'}
          </Button>
          <Button loading={rebuild.isPending} onClick={() => rebuild.mutate()}>
            {rebuild.data ? 'Rebuild again' : 'Rebuild'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Whether a rebuilt file is the registered one, and what is not as it was. */
export function RebuildReport({ result }: { readonly result: RebuildResult }) {
  const { identical, digest, rebuiltDigest, differences, fits, engineVersion } = result
  const how = `${fits} ${fits === 1 ? 'fit' : 'fits'} with Maestro ${engineVersion}`
  if (identical) {
    return (
      <Alert color="green" variant="light" icon={<IconCheck />} title="The rebuilt file is identical">
        <Text size="sm">{how} gave the same bytes.</Text>
        <Digest value={rebuiltDigest} />
      </Alert>
    )
  }
  return (
    <Stack gap="xs">
      <Alert
        color="red"
        variant="light"
        icon={<IconAlertTriangle />}
        title="The rebuilt file is different"
        role="alert"
      >
        <Text size="sm">{how} gave other bytes.</Text>
        <Text size="sm" component="div">
          Registered <Digest value={digest} /> rebuilt <Digest value={rebuiltDigest} />
        </Text>
      </Alert>
      <Table.ScrollContainer minWidth={480} mah={320}>
        <Table aria-label="What differs" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th>Registered</Table.Th>
              <Table.Th>Rebuilt</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differences.map(({ what, recorded, rebuilt }) => (
              <Table.Tr key={what}>
                <Table.Td>{what}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{recorded}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{rebuilt}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}
