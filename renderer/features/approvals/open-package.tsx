import { Alert, Button, FileButton, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { OpenedReview, ReviewFinding } from '../../../shared/domain/reviews.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl, uploadFile } from '../../api/upload.ts'
import { Digest } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'

/** Opens a package that a colleague sent, or takes in the reply to one of ours. */
export function OpenPackageButton() {
  const client = useClient()
  const queries = useQueryClient()
  const [opened, setOpened] = useState<{ readonly upload: string; readonly review: OpenedReview } | null>(null)
  const [taken, setTaken] = useState<readonly ReviewFinding[] | null>(null)
  const open = useMutation({
    mutationFn: async (file: File) => {
      const upload = await uploadFile(file, () => undefined)
      if (/\.json$/i.test(file.name)) {
        setTaken((await client.reviews.import({ source: { upload } })).findings)
        return
      }
      setOpened({ upload, review: await client.reviews.open({ source: { upload } }) })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['models'] }),
  })
  const close = () => {
    setOpened(null)
    setTaken(null)
    open.reset()
  }
  return (
    <>
      <FileButton onChange={(file) => file && open.mutate(file)} accept=".maestro,.json">
        {(props) => (
          <Button {...props} variant="default" loading={open.isPending}>
            Open a package or a reply
          </Button>
        )}
      </FileButton>
      <Modal
        opened={opened !== null || taken !== null || open.isError}
        onClose={close}
        size="lg"
        title={opened ? 'A submission from elsewhere' : taken ? 'A reply from elsewhere' : 'It could not be opened'}
      >
        {open.isError && <ErrorState error={open.error} />}
        {taken && <Findings findings={taken} />}
        {opened && <PackageView {...opened} onClose={close} />}
      </Modal>
    </>
  )
}

function PackageView({
  upload,
  review,
  onClose,
}: {
  readonly upload: string
  readonly review: OpenedReview
  readonly onClose: () => void
}) {
  const navigate = useNavigate()
  const { package: about, kept, verified, findings } = review
  return (
    <Stack>
      {about && (
        <Text fw={600}>
          {about.approval.model} / {about.approval.version}, sent by {about.approval.submitter}
        </Text>
      )}
      {about?.approval.message && <Text size="sm">{about.approval.message}</Text>}
      <Findings findings={findings} />
      {kept && (
        <Group>
          <Button
            variant="default"
            onClick={() => {
              onClose()
              void navigate({
                to: '/models/$name/$version',
                params: { name: kept.model, version: String(kept.version) },
              })
            }}
          >
            Look at it and try it
          </Button>
          {kept.replaces !== null && (
            <Button
              variant="default"
              onClick={() => {
                onClose()
                void navigate({
                  to: '/compare-versions',
                  search: { a: `${kept.model}/${kept.replaces}`, b: `${kept.model}/${kept.version}` },
                })
              }}
            >
              Compare with the one in use
            </Button>
          )}
        </Group>
      )}
      {verified && about && <SignReply upload={upload} about={about} />}
    </Stack>
  )
}

function SignReply({
  upload,
  about,
}: {
  readonly upload: string
  readonly about: NonNullable<OpenedReview['package']>
}) {
  const client = useClient()
  const [reason, setReason] = useState('')
  const sign = useMutation({
    mutationFn: (decision: 'approved' | 'rejected') => client.reviews.decide({ source: { upload }, decision, reason }),
    onSuccess: ({ href }) => {
      if (href) saveUrl(decodeURIComponent(href.split('/').at(-1) ?? 'reply.json'), href)
    },
  })
  return (
    <Stack gap="xs">
      <Text size="sm">
        You sign for the manifest <Digest value={about.approval.manifestDigest} /> and the model{' '}
        <Digest value={about.approval.digest} />.
      </Text>
      <Textarea
        label="Why"
        description="It is signed with the decision."
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        required
      />
      {sign.isError && <ErrorState error={sign.error} />}
      {sign.isSuccess && <Alert color="green" title="Signed. Send the file that was saved back to who submitted it." />}
      <Group justify="flex-end">
        <Button
          variant="default"
          disabled={reason.trim() === '' || sign.isPending}
          onClick={() => sign.mutate('rejected')}
        >
          Sign rejection
        </Button>
        <Button disabled={reason.trim() === ''} loading={sign.isPending} onClick={() => sign.mutate('approved')}>
          Sign approval
        </Button>
      </Group>
    </Stack>
  )
}

const findingLooks = {
  error: { color: 'red', icon: <IconAlertTriangle /> },
  warning: { color: 'yellow', icon: <IconInfoCircle /> },
  note: { color: 'green', icon: <IconCircleCheck /> },
} as const

function Findings({ findings }: { readonly findings: readonly ReviewFinding[] }) {
  return (
    <Stack gap="xs">
      {findings.map(({ severity, message }) => (
        <Alert key={message} variant="light" {...findingLooks[severity]}>
          {message}
        </Alert>
      ))}
    </Stack>
  )
}
