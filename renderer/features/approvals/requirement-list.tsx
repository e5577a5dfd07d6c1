import { Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import type { Requirement } from '../../../shared/domain/check-policy.ts'

/** What is asked for, what is missing first. */
export function RequirementList({ requirements }: { readonly requirements: readonly Requirement[] }) {
  const ordered = [...requirements].sort((a, b) => Number(a.met) - Number(b.met))
  return (
    <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
      {ordered.map(({ what, met, detail }) => (
        <Group key={what} component="li" gap="xs" wrap="nowrap" align="flex-start">
          {met ? (
            <IconCircleCheck
              size={16}
              color="var(--mantine-color-green-text)"
              aria-label="Met"
              style={{ flexShrink: 0 }}
            />
          ) : (
            <IconCircleX
              size={16}
              color="var(--mantine-color-red-text)"
              aria-label="Missing"
              style={{ flexShrink: 0 }}
            />
          )}
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <Text span fw={met ? 400 : 600}>
              {sentence(what)}
            </Text>{' '}
            <Text span c="dimmed" size="xs">
              {detail}
            </Text>
          </Text>
        </Group>
      ))}
    </Stack>
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
