import { Anchor, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { portableExport } from '../../../shared/domain/portable-export.ts'
import { useClient } from '../../api/client-context.tsx'
import { followJob } from '../../api/follow-job.ts'
import { saveUrl } from '../../api/upload.ts'
import { formatBytes } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Makes the form for older runtimes, shows how it compares with the model, and offers both files. */
export function PortableExportModal({
  reference,
  opened,
  onClose,
}: {
  readonly reference: string
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const client = useClient()
  const [fraction, setFraction] = useState(0)
  const made = useMutation({
    mutationFn: async () => {
      const { job } = await client.models.exportPortable({ model: reference })
      return portableExport.parse(await followJob(client, job.id, (progress) => setFraction(progress.fraction)))
    },
    onSettled: () => setFraction(0),
  })
  return (
    <Modal opened={opened} onClose={onClose} title="Export for older runtimes">
      <Stack>
        <Text size="sm">
          The same model, written with the operators of 2021 for programs that cannot read the usual file. It is
          compared with the model row by row before you get it.
        </Text>
        {made.isPending && <Progress value={fraction * 100} aria-label="Exporting" />}
        {made.error && <ErrorState error={made.error} />}
        {made.data && (
          <Text size="sm">
            It gives the same answers on {made.data.parity.rows.toLocaleString('en')} rows; no label differs and the
            largest difference is {made.data.parity.maxAbsDiff.toPrecision(2)}.
          </Text>
        )}
        {made.data?.files.map(({ path, bytes, href }) => (
          <Group key={path} justify="space-between">
            <Anchor component="button" type="button" size="sm" onClick={() => href !== null && saveUrl(path, href)}>
              {path}
            </Anchor>
            <Text size="sm" c="dimmed">
              {formatBytes(bytes)}
            </Text>
          </Group>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          {!made.data && (
            <Button loading={made.isPending} onClick={() => made.mutate()}>
              Export
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}
