import { Button, Modal, NumberInput, Radio, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Approval } from '../../../shared/domain/approvals.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { SigningError } from './signing-error.tsx'

/** So many rows give explanations that hardly differ from those on the whole table. */
const usualRows = 200
const mostRows = 10_000

/**
 * Saves a submission as one signed file for a reviewer elsewhere, with as many rows of the table as whoever sends it
 * allows.
 */
export function ExportPackage({ approval }: { readonly approval: Approval }) {
  const client = useClient()
  const [opened, setOpened] = useState(false)
  const [isWithRows, setIsWithRows] = useState(false)
  const [rows, setRows] = useState<number | string>(usualRows)
  const close = () => {
    setOpened(false)
    save.reset()
  }
  const save = useMutation({
    mutationFn: () => client.reviews.export({ id: approval.id, rows: isWithRows ? Number(rows) : 0 }),
    onSuccess: ({ href }) => {
      if (href) saveUrl(`${approval.model}-${approval.version}.maestro`, href)
      close()
    },
  })
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Save as a package…
      </Button>
      <Modal opened={opened} onClose={close} title="A package for a reviewer elsewhere">
        <Stack>
          <Text size="sm">
            One signed file with the model, its card, its evidence, the version in use and the policy. It opens in any
            Maestro, without a network and without an account.
          </Text>
          <Radio.Group
            label="Rows of the training table"
            value={isWithRows ? 'some' : 'none'}
            onChange={(choice) => setIsWithRows(choice === 'some')}
          >
            <Stack gap="xs" mt="xs">
              <Radio
                value="none"
                label="None"
                description="The reviewer sees what is stored with the version, and can score inputs typed in."
              />
              <Radio
                value="some"
                label="Some"
                description="The reviewer can also explain rows, try what-ifs and compare the two versions on them. Whoever gets the file can read these rows."
              />
            </Stack>
          </Radio.Group>
          {isWithRows && (
            <NumberInput
              label="How many"
              description="Drawn evenly, with the columns that the models take and the target; all where there are fewer"
              min={1}
              max={mostRows}
              allowDecimal={false}
              value={rows}
              onChange={setRows}
            />
          )}
          {save.isError && <SigningError error={save.error} retry={() => save.mutate()} />}
          <Button loading={save.isPending} disabled={isWithRows && !(Number(rows) >= 1)} onClick={() => save.mutate()}>
            Sign and save
          </Button>
        </Stack>
      </Modal>
    </>
  )
}
