import { Alert, Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { CardState, CardTexts } from '../../../shared/domain/model-card.ts'
import { cardTextLength } from '../../../shared/domain/model-card.ts'
import type { VersionSummary } from '../../../shared/domain/models.ts'
import { useClient } from '../../api/client-context.tsx'
import { readError } from '../../api/errors.ts'
import { Markdown } from '../../ui/markdown.tsx'

const fields: readonly (readonly [Exclude<keyof CardTexts, 'owner'>, string, string])[] = [
  ['intendedUse', 'What it is for', 'Who uses it, for which decisions, on which rows'],
  ['outOfScopeUse', 'What it is not for', 'Where it must not be used'],
  ['limits', 'Limits', 'What its users must know beside the risks that are found in the numbers'],
  ['notes', 'Notes', 'Anything else'],
]

interface CardFormProps {
  readonly reference: string
  /** Where the version's approval stands. */
  readonly approval: VersionSummary['state']
  readonly state: CardState
  onClose(): void
}

/** What people say of a version, with how it will look beside it. Saving adds a revision; the one before stays. */
export function CardForm({ reference, approval, state, onClose }: CardFormProps) {
  const client = useClient()
  const queries = useQueryClient()
  const [texts, setTexts] = useState(state.card.texts)
  const set = (key: keyof CardTexts, value: string) => setTexts((before) => ({ ...before, [key]: value }))
  const save = useMutation({
    mutationFn: () => client.cards.update({ model: reference, revision: state.revision, texts }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['models'] })
      onClose()
    },
  })
  const changed = Object.entries(texts).some(([key, value]) => value !== state.card.texts[key as keyof CardTexts])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack>
        {approval !== 'none' && approval !== 'rejected' && (
          <Alert color="yellow" title="Saving voids its approval">
            What was submitted includes the card as it is. A new revision has to be submitted again.
          </Alert>
        )}
        <TextInput
          label="Owner"
          description="Who answers for it"
          value={texts.owner}
          onChange={(event) => set('owner', event.currentTarget.value)}
          maxLength={200}
          maw={420}
          data-autofocus
        />
        {fields.map(([key, label, description]) => (
          <SimpleGrid key={key} cols={{ base: 1, md: 2 }}>
            <Textarea
              label={label}
              description={`${description}. Markdown.`}
              value={texts[key]}
              onChange={(event) => set(key, event.currentTarget.value)}
              maxLength={cardTextLength}
              autosize
              minRows={3}
              maxRows={16}
            />
            <section className="card" aria-label={`${label}, as it will look`}>
              {texts[key].trim() === '' ? (
                <Text size="sm" c="dimmed">
                  Nothing yet
                </Text>
              ) : (
                <Markdown text={texts[key]} />
              )}
            </section>
          </SimpleGrid>
        ))}
        {save.isError && (
          <Alert color="red" role="alert" title={readError(save.error).message}>
            {readError(save.error).hint}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!changed}>
            Save as a new revision
          </Button>
          <Button variant="default" onClick={onClose}>
            Leave it as it was
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
