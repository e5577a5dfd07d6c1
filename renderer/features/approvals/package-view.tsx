import { Alert, Button, Group, ScrollArea, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { auditWords } from '../../../shared/domain/audit-words.ts'
import type { OpenedReview, ReviewFinding } from '../../../shared/domain/reviews.ts'
import { useClient } from '../../api/client-context.tsx'
import { saveUrl } from '../../api/upload.ts'
import { Digest, RelativeTime } from '../../ui/numbers.tsx'
import { SigningError } from './signing-error.tsx'

/** Where the host finds a file that was given. */
export type GivenFile = { readonly upload: string } | { readonly path: string }

/** What a package says, whether it holds, and the decision on it. */
export function PackageView({
  source,
  review,
  onLook,
}: {
  readonly source: GivenFile
  readonly review: OpenedReview
  /** Called when a page about it is opened. */
  readonly onLook: () => void
}) {
  const navigate = useNavigate()
  const { package: about, kept, verified, findings, history } = review
  return (
    <Stack>
      {about && (
        <Text fw={600}>
          {about.approval.model} / {about.approval.version}, sent by {about.approval.submitter}
        </Text>
      )}
      {about?.approval.message && <Text size="sm">{about.approval.message}</Text>}
      {about && (
        <Text size="sm" c="dimmed">
          {about.sampleRows > 0
            ? `${about.sampleRows} rows of its training table came along: it can be explained, tried and compared on them.`
            : 'No rows of its training table came along: it can be scored with inputs typed in.'}
        </Text>
      )}
      <Findings findings={findings} />
      <History events={history} />
      {kept && (
        <Group>
          <Button
            variant="default"
            onClick={() => {
              onLook()
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
                onLook()
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
      {verified && about && <SignReply source={source} about={about} />}
    </Stack>
  )
}

function SignReply({
  source,
  about,
}: {
  readonly source: GivenFile
  readonly about: NonNullable<OpenedReview['package']>
}) {
  const client = useClient()
  const [reason, setReason] = useState('')
  const [chosen, setChosen] = useState<'approved' | 'rejected'>('approved')
  const sign = useMutation({
    mutationFn: (decision: 'approved' | 'rejected') => client.reviews.decide({ source, decision, reason }),
    onSuccess: ({ href }) => {
      if (href) saveUrl(decodeURIComponent(href.split('/').at(-1) ?? 'reply.json'), href)
    },
  })
  const choose = (decision: 'approved' | 'rejected') => {
    setChosen(decision)
    sign.mutate(decision)
  }
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
      {sign.isError && <SigningError error={sign.error} retry={() => sign.mutate(chosen)} />}
      {sign.isSuccess && <Alert color="green" title="Signed. Send the file that was saved back to who submitted it." />}
      <Group justify="flex-end">
        <Button variant="default" disabled={reason.trim() === '' || sign.isPending} onClick={() => choose('rejected')}>
          Sign rejection
        </Button>
        <Button disabled={reason.trim() === ''} loading={sign.isPending} onClick={() => choose('approved')}>
          Sign approval
        </Button>
      </Group>
    </Stack>
  )
}

/** What the sender's audit log tells of the version; it was checked before it is shown. */
function History({ events }: { readonly events: OpenedReview['history'] }) {
  if (events.length === 0) return null
  return (
    <details>
      <summary>What was done with it before ({events.length} entries of the sender’s audit log)</summary>
      <ScrollArea.Autosize mah={220} mt="xs" type="auto">
        <Stack gap={4} component="ul" pl="md" m={0}>
          {events.map(({ sequence, time, action, outcome, actor }) => (
            <Text component="li" size="sm" key={sequence}>
              {actor ?? '(erased)'} {auditWords(action)}
              {outcome === 'done' ? '' : ` (${outcome})`} <RelativeTime time={time} />
            </Text>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </details>
  )
}

const findingLooks = {
  error: { color: 'red', icon: <IconAlertTriangle /> },
  warning: { color: 'yellow', icon: <IconInfoCircle /> },
  note: { color: 'green', icon: <IconCircleCheck /> },
} as const

/** Each with its icon: an error means that it does not count. */
export function Findings({ findings }: { readonly findings: readonly ReviewFinding[] }) {
  return (
    <Stack gap="xs">
      {findings.map(({ severity, message }) => (
        <Alert key={message} variant="light" style={{ overflowWrap: 'anywhere' }} {...findingLooks[severity]}>
          {message}
        </Alert>
      ))}
    </Stack>
  )
}
