import { Affix, Button, Group, Loader, Modal, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useClient } from '../../api/client-context.tsx'
import { uploadFile } from '../../api/upload.ts'
import { ErrorState } from '../../ui/states.tsx'
import type { Incoming } from '../../ui/window-state.ts'
import { incomingName, isPackageFile } from '../incoming/incoming-name.ts'
import type { GivenFile } from './package-view.tsx'
import { Findings, PackageView } from './package-view.tsx'

interface PackageSheetProps {
  readonly given: Incoming
  /** Files that come after this one. */
  readonly waiting: number
  readonly onClose: () => void
}

/** A package that a colleague sent, checked and taken in to be looked at; or the reply to one of ours. */
export function PackageSheet({ given, waiting, onClose }: PackageSheetProps) {
  const client = useClient()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const fileName = incomingName(given)
  const [isAside, setIsAside] = useState(false)
  const opened = useQuery({
    queryKey: ['package', given],
    // Opening the same file again changes nothing, but is not free.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    queryFn: async () => {
      const source: GivenFile =
        'path' in given
          ? { path: given.path }
          : {
              upload: await uploadFile(
                'file' in given ? given.file : new File([given.text], fileName),
                () => undefined,
              ),
            }
      const found = isPackageFile(fileName)
        ? ({ kind: 'package', source, review: await client.reviews.open({ source }) } as const)
        : ({ kind: 'reply', reply: await client.reviews.import({ source }) } as const)
      void queries.invalidateQueries({ queryKey: ['models'] })
      void queries.invalidateQueries({ queryKey: ['approvals'] })
      return found
    },
  })
  const { data } = opened
  const what = isPackageFile(fileName) ? 'A submission from elsewhere' : 'A reply from elsewhere'
  const replied = data?.kind === 'reply' ? data.reply.approval?.id : undefined
  // Who looks at the model comes back to sign: the sheet waits, with what was written in it.
  const about = data?.kind === 'package' ? data.review.package?.approval : undefined
  return (
    <>
      {isAside && (
        <Affix position={{ bottom: 48, right: 16 }}>
          <Button onClick={() => setIsAside(false)}>
            Back to the submission{about ? ` of ${about.model} / ${about.version}` : ''}
          </Button>
        </Affix>
      )}
      <Modal
        opened={!isAside}
        keepMounted
        onClose={onClose}
        size="lg"
        title={`${opened.isError ? 'It could not be opened' : what}${waiting > 0 ? `, ${waiting} more to come` : ''}`}
      >
        {opened.isPending && (
          <Group>
            <Loader size="sm" />
            <Text size="sm">Checking {fileName} and trying the model in a process of its own…</Text>
          </Group>
        )}
        {opened.isError && <ErrorState error={opened.error} />}
        {data?.kind === 'reply' && (
          <Stack>
            <Findings findings={data.reply.findings} />
            {replied && (
              <Button
                variant="default"
                onClick={() => {
                  onClose()
                  void navigate({ to: '/approvals/$id', params: { id: replied } })
                }}
              >
                To the submission
              </Button>
            )}
          </Stack>
        )}
        {data?.kind === 'package' && (
          <PackageView source={data.source} review={data.review} onLook={() => setIsAside(true)} />
        )}
      </Modal>
    </>
  )
}
