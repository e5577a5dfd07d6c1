import { Anchor, Button, Group, List, Modal, ScrollArea, Stack, Text, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { AffectedApproval } from '../../../shared/domain/policy.ts'
import { useClient } from '../../api/client-context.tsx'
import { ErrorState } from '../../ui/states.tsx'

interface Line {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Lines that stay, around those that do not. */
const context = 2
const words = {
  same: { mark: ' ', said: '' },
  removed: { mark: '−', said: 'goes: ' },
  added: { mark: '+', said: 'comes: ' },
} as const

/** What a policy would change, shown before it is put into force. */
export function PolicyChanges({
  text,
  replaces,
  changes,
  affected,
  onClose,
  onSaved,
}: {
  readonly text: string
  /** Digest of the policy that was edited. */
  readonly replaces: string
  readonly changes: readonly Line[]
  readonly affected: readonly AffectedApproval[]
  readonly onClose: () => void
  readonly onSaved: () => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: () => client.policy.set({ text, replaces }),
    onSuccess: async () => {
      notifications.show({ message: 'The policy is in force from now on.' })
      await queries.invalidateQueries()
      onSaved()
    },
  })
  const shown = changedLines(changes)
  return (
    <Modal opened onClose={onClose} size="xl" title={shown.length === 0 ? 'Nothing is changed' : 'What changes'}>
      <Stack>
        {shown.length > 0 && (
          <ScrollArea.Autosize mah={320} type="auto">
            <section
              className="text-diff"
              aria-label="Difference"
              style={{ whiteSpace: 'pre-wrap', fontFamily: 'var(--mantine-font-family-monospace)' }}
            >
              {shown.map(({ key, kind, text: line }) => (
                <div key={key} className={kind}>
                  <span aria-hidden="true">{words[kind].mark} </span>
                  <VisuallyHidden>{words[kind].said}</VisuallyHidden>
                  {line}
                </div>
              ))}
            </section>
          </ScrollArea.Autosize>
        )}
        <Text size="sm" fw={600}>
          {affected.length === 0
            ? 'No open submission stands otherwise by it.'
            : `${affected.length} open ${affected.length === 1 ? 'submission stands' : 'submissions stand'} otherwise by it:`}
        </Text>
        {affected.length > 0 && (
          <ScrollArea.Autosize mah={220} type="auto">
            <List size="sm">
              {affected.map(({ id, model, version, becomes }) => (
                <List.Item key={id}>
                  <Anchor component={Link} to={`/approvals/${id}`} size="sm">
                    {model} / {version}
                  </Anchor>
                  : {becomes.join('; ')}
                </List.Item>
              ))}
            </List>
          </ScrollArea.Autosize>
        )}
        {save.isError && <ErrorState error={save.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Go on editing
          </Button>
          <Button disabled={shown.length === 0} loading={save.isPending} onClick={() => save.mutate()}>
            Put into force
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function changedLines(lines: readonly Line[]): (Line & { readonly key: string })[] {
  const changed = lines.flatMap(({ kind }, at) => (kind === 'same' ? [] : [at]))
  return lines
    .map((line, at) => ({ ...line, key: String(at), at }))
    .filter(({ at }) => changed.some((each) => Math.abs(each - at) <= context))
}
