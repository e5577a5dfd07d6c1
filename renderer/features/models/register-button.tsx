import { Button, Group, Modal, Progress, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Registers a run as a version of a model: the file is checked and explained on the way. */
export function RegisterButton({ runId, suggestion }: { readonly runId: string; readonly suggestion: string }) {
  const client = useClient()
  const navigate = useNavigate()
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState(suggestion)
  const [description, setDescription] = useState('')
  const [progress, setProgress] = useState<{ fraction: number; title: string } | null>(null)
  const register = useMutation({
    mutationFn: async () => {
      const { job } = await client.models.register({ name: name.trim(), source: { runId }, description })
      for await (const now of await client.jobs.watch({ id: job.id })) {
        setProgress({ fraction: now.progress.fraction, title: `${now.progress.title} ${now.progress.detail}` })
        if (now.state === 'succeeded') return now.result as { name: string; version: number }
        if (now.state !== 'running' && now.state !== 'queued')
          throw new Error(`${now.error?.message ?? 'It was cancelled.'} ${now.error?.hint ?? ''}`)
      }
      throw new Error('The host stopped before the model was registered.')
    },
    onSuccess: ({ name: model, version }) => {
      setOpened(false)
      return navigate({ to: '/models/$name/$version', params: { name: model, version: String(version) } })
    },
    onSettled: () => setProgress(null),
  })
  return (
    <>
      <Button onClick={() => setOpened(true)}>Register</Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Register as a model version"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <TextInput
            label="Name of the model"
            description="A new version, if there is a model of this name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Textarea
            label="What it is for"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
            autosize
            minRows={2}
          />
          {progress && (
            <div>
              <Progress value={progress.fraction * 100} aria-label="Registering" />
              <Text size="xs" c="dimmed" mt={4}>
                {progress.title}
              </Text>
            </div>
          )}
          {register.error && <ErrorState error={register.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpened(false)}>
              Cancel
            </Button>
            <Button disabled={name.trim() === ''} loading={register.isPending} onClick={() => register.mutate()}>
              Register version
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
