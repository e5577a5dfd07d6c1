import { Alert, Button, Drawer, Group, Loader, Progress, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { ColumnTypeName } from '../../../shared/domain/values.ts'
import { useClient } from '../../api/client-context.tsx'
import { followJob } from '../../api/follow-job.ts'
import { uploadFile } from '../../api/upload.ts'
import { formatBytes } from '../../ui/numbers.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import type { Incoming } from '../../ui/window-state.ts'
import { incomingName, suggestedName } from '../incoming/incoming-name.ts'
import { columnTypes } from './column-types.ts'
import { WarningList } from './warning-list.tsx'

type Source =
  | { readonly upload: string }
  | { readonly path: string }
  | { readonly text: string; readonly fileName: string }

interface ImportSheetProps {
  readonly given: Incoming
  /** Files that come after this one. */
  readonly waiting: number
  readonly onClose: () => void
}

/** Shows what a table holds before it is kept. */
export function ImportSheet({ given, waiting, onClose }: ImportSheetProps) {
  const [share, setShare] = useState(0)
  const client = useClient()
  const [delimiter, setDelimiter] = useState<string | null>(null)
  const [types, setTypes] = useState<Record<string, ColumnTypeName>>({})
  const fileName = incomingName(given)
  const [name, setName] = useState(suggestedName(fileName))
  const reading = useMemo(() => (delimiter === null ? {} : { delimiter }), [delimiter])
  const source = useQuery({
    queryKey: ['upload', given],
    queryFn: async (): Promise<Source> => {
      if ('path' in given) return { path: given.path }
      return 'file' in given ? { upload: await uploadFile(given.file, setShare) } : { text: given.text, fileName }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const preview = useQuery({
    queryKey: ['preview', given, reading],
    queryFn: () => client.datasets.preview({ source: source.data as Source, reading }),
    enabled: source.data !== undefined,
    gcTime: 0,
  })
  const start = useImport(onClose, waiting > 0)
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={`Import ${fileName}${waiting > 0 ? `, ${waiting} more to come` : ''}`}
      closeButtonProps={{ 'aria-label': 'Close without importing' }}
    >
      <Stack>
        {source.isPending && <Progress value={share * 100} aria-label="Sending the file" />}
        {source.error && <ErrorState error={source.error} retry={() => void source.refetch()} />}
        <TextInput label="Name of the dataset" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        {preview.error && <ErrorState error={preview.error} retry={() => void preview.refetch()} />}
        {preview.isFetching && <Loader size="sm" aria-label="Reading the first rows" />}
        {preview.data && (
          <>
            <Text size="sm" c="dimmed">
              {preview.data.format} · {formatBytes(preview.data.bytes)} · {preview.data.columns.length} columns
              {Object.entries(preview.data.reading)
                .filter(([key]) => key !== 'format')
                .map(([key, value]) => ` · ${key} ${value === '\t' ? 'tab' : value || 'none'}`)
                .join('')}
            </Text>
            {preview.data.reading.delimiter !== undefined && (
              <Select
                label="Columns are divided by"
                data={[
                  { value: ',', label: 'comma' },
                  { value: ';', label: 'semicolon' },
                  { value: '\t', label: 'tab' },
                  { value: '|', label: 'bar' },
                ]}
                value={delimiter ?? preview.data.reading.delimiter}
                onChange={setDelimiter}
                w={200}
              />
            )}
            <WarningList warnings={preview.data.warnings} />
            <PreviewTable
              columns={preview.data.columns}
              rows={preview.data.rows}
              types={types}
              onType={(column, type) => setTypes({ ...types, [column]: type })}
            />
          </>
        )}
        {start.error && <ErrorState error={start.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!preview.data || name.trim() === ''}
            loading={start.isPending}
            onClick={() => start.mutate({ source: source.data as Source, name: name.trim(), types, reading })}
          >
            Import
          </Button>
        </Group>
      </Stack>
    </Drawer>
  )
}

function useImport(onClose: () => void, staysHere: boolean) {
  const client = useClient()
  const navigate = useNavigate()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (request: {
      source: Source
      name: string
      types: Record<string, ColumnTypeName>
      reading: { delimiter?: string }
    }) => {
      const { job } = await client.datasets.import(request)
      return (await followJob(client, job.id)) as { dataset: string; existed: boolean }
    },
    onSuccess: async ({ dataset, existed }) => {
      await queries.invalidateQueries({ queryKey: ['datasets'] })
      notifications.show({
        message: existed ? `${dataset} was here already with the same content.` : `${dataset} was imported.`,
      })
      onClose()
      if (!staysHere) await navigate({ to: '/data/$name', params: { name: dataset } })
    },
    onError: tellFailure('The import failed'),
  })
}

function PreviewTable(props: {
  readonly columns: readonly { readonly name: string; readonly type: ColumnTypeName }[]
  readonly rows: readonly (readonly (string | number | boolean | null)[])[]
  readonly types: Readonly<Record<string, ColumnTypeName>>
  readonly onType: (column: string, type: ColumnTypeName) => void
}) {
  const { columns, rows, types, onType } = props
  if (rows.length === 0) return <Alert color="yellow">There are no rows.</Alert>
  return (
    <Table.ScrollContainer minWidth={300} maxHeight={420}>
      <Table striped stickyHeader aria-label="First rows">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ name, type }) => (
              <Table.Th key={name}>
                {name}
                <Select
                  size="xs"
                  mt={2}
                  w={120}
                  aria-label={`Type of ${name}`}
                  data={columnTypes}
                  value={types[name] ?? type}
                  onChange={(value) => value && onType(name, value as ColumnTypeName)}
                  allowDeselect={false}
                />
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, 20).map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name yet
            <Table.Tr key={at}>
              {columns.map(({ name }, column) => (
                <Table.Td key={name} className="numeric">
                  {String(row[column] ?? '–').slice(0, 60)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
