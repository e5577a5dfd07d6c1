import { Button, Group, Progress, Stack, Text, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { ErrorState } from '../../ui/states.tsx'
import type { useRegister } from './use-register.ts'

interface RegisterFormProps extends ReturnType<typeof useRegister> {
  readonly suggestion: string
  readonly onRegister: (name: string, description: string) => void
  readonly onCancel: () => void
  /** Further fields, between what it is for and the buttons. */
  readonly children?: ReactNode
}

/** Name and purpose of a version to be, and how far its registration is. */
export function RegisterForm({ suggestion, register, progress, onRegister, onCancel, children }: RegisterFormProps) {
  const [name, setName] = useState(suggestion)
  const [description, setDescription] = useState('')
  return (
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
      {children}
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
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button
          disabled={name.trim() === ''}
          loading={register.isPending}
          onClick={() => onRegister(name, description)}
        >
          Register version
        </Button>
      </Group>
    </Stack>
  )
}
