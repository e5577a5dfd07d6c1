import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { RegisterForm } from './register-form.tsx'
import { useRegister } from './use-register.ts'

/** Registers a run as a version of a model: the file is checked and explained on the way. */
export function RegisterButton({ runId, suggestion }: { readonly runId: string; readonly suggestion: string }) {
  const [opened, setOpened] = useState(false)
  const { register, progress } = useRegister(() => setOpened(false))
  return (
    <>
      <Button onClick={() => setOpened(true)}>Register</Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Register as a model version">
        <RegisterForm
          suggestion={suggestion}
          register={register}
          progress={progress}
          onCancel={() => setOpened(false)}
          onRegister={(name, description) => register.mutate({ name, description, source: { runId } })}
        />
      </Modal>
    </>
  )
}
