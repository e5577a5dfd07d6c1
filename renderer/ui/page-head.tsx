import { Anchor, Breadcrumbs, Group, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useEffect } from 'react'

interface PageHeadProps {
  readonly title: string
  readonly parents?: readonly { readonly label: string; readonly to: string }[]
  /** What stands beside the title: version, status, digest. */
  readonly beside?: ReactNode
  /** The one main action, and what else can be done. */
  readonly actions?: ReactNode
}

export function PageHead({ title, parents = [], beside, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Maestro`
  }, [title])
  return (
    <div className="page-head">
      <div>
        {parents.length > 0 && (
          <Breadcrumbs separator="›" mb={2}>
            {parents.map(({ label, to }) => (
              <Anchor key={to} component={Link} to={to} size="xs">
                {label}
              </Anchor>
            ))}
            <Text size="xs" c="dimmed">
              {title}
            </Text>
          </Breadcrumbs>
        )}
        <Group gap="sm">
          <Title order={1} size="h2">
            {title}
          </Title>
          {beside}
        </Group>
      </div>
      <Group ml="auto" gap="xs">
        {actions}
      </Group>
    </div>
  )
}
