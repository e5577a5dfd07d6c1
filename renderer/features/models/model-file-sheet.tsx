import { Drawer, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { uploadFile } from '../../api/upload.ts'
import type { Incoming } from '../../ui/window-state.ts'
import { incomingName, suggestedName } from '../incoming/incoming-name.ts'
import { RegisterForm } from './register-form.tsx'
import type { SampleChoice } from './sample-fields.tsx'
import { noSample, SampleFields } from './sample-fields.tsx'
import { useRegister } from './use-register.ts'

interface ModelFileSheetProps {
  readonly given: Incoming
  /** Files that come after this one. */
  readonly waiting: number
  readonly onClose: () => void
}

/** Takes an ONNX file in as a version of a model. */
export function ModelFileSheet({ given, waiting, onClose }: ModelFileSheetProps) {
  const fileName = incomingName(given)
  const { register, progress } = useRegister(onClose, waiting > 0)
  const [trial, setTrial] = useState<SampleChoice>(noSample)
  const send = async (onProgress: (share: number) => void) => {
    if ('path' in given) return { path: given.path }
    const file = 'file' in given ? given.file : new File([given.text], fileName)
    return { upload: await uploadFile(file, onProgress) }
  }
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="md"
      title={`Register ${fileName}${waiting > 0 ? `, ${waiting} more to come` : ''}`}
      closeButtonProps={{ 'aria-label': 'Close without registering' }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          The model runs in a process of its own, and is tried before it is kept. Without sample data its scores are
          unknown until you judge it on a table.
        </Text>
        <RegisterForm
          suggestion={suggestedName(fileName)}
          register={register}
          progress={progress}
          onCancel={onClose}
          onRegister={(name, description) => register.mutate({ name, description, source: send, trial })}
        >
          <SampleFields value={trial} onChange={setTrial} />
        </RegisterForm>
      </Stack>
    </Drawer>
  )
}
