import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useSearchParameters } from '../../routes/parameters.ts'
import { PageHead } from '../../ui/page-head.tsx'
import { receive } from '../../ui/window-state.ts'
import { readOpenRequest } from './open-request.ts'

const questions = {
  table: 'Import this table?',
  model: 'Register this model?',
  package: 'Open this package for review?',
  page: 'A link asks to open this page.',
  unknown: 'Maestro cannot open this.',
}

/** Where one is, behind the sheet. */
const pages = { table: '/data', model: '/models', package: '/approvals' } as const

/** What the system, or a link, asked to open. Nothing happens before somebody says yes: anybody can write a link. */
export function OpenPage() {
  const { file, link } = useSearchParameters()
  const navigate = useNavigate()
  const request = readOpenRequest({ file, link })
  const open = () => {
    if (request.kind === 'page') void navigate({ to: request.to })
    else if (request.kind !== 'unknown') {
      receive([{ path: request.path }])
      void navigate({ to: pages[request.kind] })
    }
  }
  return (
    <>
      <PageHead title="Open" />
      <Stack className="card" maw={640}>
        <Text fw={600}>{questions[request.kind]}</Text>
        <Code block>
          {request.kind === 'page' ? request.to : request.kind === 'unknown' ? request.asked : request.path}
        </Code>
        {request.kind === 'unknown' && (
          <Text size="sm" c="dimmed">
            It takes tables (CSV, TSV, Parquet, Arrow), ONNX models, review packages, and links to pages of this
            workspace.
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => void navigate({ to: '/' })}>
            {request.kind === 'unknown' ? 'Go home' : 'No'}
          </Button>
          {request.kind !== 'unknown' && <Button onClick={open}>Open</Button>}
        </Group>
      </Stack>
    </>
  )
}
