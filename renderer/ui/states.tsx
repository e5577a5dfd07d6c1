import { Alert, Button, Center, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { readError } from '../api/errors.ts'

/** Why there is nothing, and the one thing to do about it. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <Center py={48}>
      <Stack align="center" gap="xs" maw={460}>
        <Title order={2} size="h4">
          {title}
        </Title>
        {children && (
          <Text ta="center" c="dimmed">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  )
}

/** What happened, what to do, and a way to try again. */
export function ErrorState({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { message, hint, code, correlationId } = readError(error)
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={message} role="alert">
      {hint !== '' && <Text size="sm">{hint}</Text>}
      <Text size="xs" mt={4}>
        {code}
        {correlationId === '' ? '' : ` · ${correlationId}`}
      </Text>
      {retry && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  )
}

/** Grey lines, but only when the wait is long enough to notice. */
export function Loading({ lines = 5 }: { readonly lines?: number }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200)
    return () => clearTimeout(timer)
  }, [])
  if (!late) return <div aria-busy="true" />
  return (
    <Stack gap="xs" aria-busy="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are their places
        <Skeleton key={line} height={20} />
      ))}
    </Stack>
  )
}

/** Says that what is shown is old, because reading it again failed. */
function StaleNotice({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { message } = readError(error)
  return (
    <Alert color="yellow" variant="light" p="xs" mb="xs" role="status">
      <Group gap="xs">
        <Text size="sm">This could not be read again, so it may be out of date: {message}</Text>
        <Button size="compact-xs" variant="default" onClick={retry}>
          Try again
        </Button>
      </Group>
    </Alert>
  )
}

/**
 * Shows a query: loading, failed, or its data. Data that is being read again stays on the screen; where that fails, it
 * stays too, with a word about it.
 */
export function Loaded<Data>({
  query,
  children,
}: {
  readonly query: UseQueryResult<Data>
  readonly children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined)
    return (
      <>
        {query.error && <StaleNotice error={query.error} retry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    )
  if (query.error) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return <Loading />
}
