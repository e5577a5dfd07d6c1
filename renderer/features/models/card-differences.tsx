import { Stack, Text, VisuallyHidden } from '@mantine/core'
import type { VersionDiff } from '../../../shared/domain/version-diff.ts'

const words = {
  same: { mark: ' ', said: '' },
  removed: { mark: '−', said: 'only in A: ' },
  added: { mark: '+', said: 'only in B: ' },
} as const

/** Lines with the number that tells them apart: the same line may stand twice. */
function numbered<Line>(lines: readonly Line[]): (Line & { readonly key: string })[] {
  return lines.map((line, at) => ({ ...line, key: String(at) }))
}

/** What the cards of two versions say differently, line by line. */
export function CardDifferences({
  card,
  labels,
}: {
  readonly card: VersionDiff['card']
  readonly labels: readonly [string, string]
}) {
  if (card.length === 0) return null
  return (
    <div className="card">
      <Text fw={600} size="sm">
        Model card
      </Text>
      <Text size="xs" c="dimmed">
        − only in {labels[0]}, + only in {labels[1]}
      </Text>
      <Stack gap="xs" mt="xs">
        {card.map(({ path, lines }) => (
          <section key={path} aria-label={path}>
            <Text size="xs" fw={600}>
              {path}
            </Text>
            <div className="text-diff">
              {numbered(lines).map(({ key, kind, text }) => (
                <div key={key} className={kind}>
                  <span aria-hidden="true">{words[kind].mark} </span>
                  <VisuallyHidden>{words[kind].said}</VisuallyHidden>
                  {text}
                </div>
              ))}
            </div>
          </section>
        ))}
      </Stack>
    </div>
  )
}
