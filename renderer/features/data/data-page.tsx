import { Button, FileButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { formatBytes, RelativeTime } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { receive, tableEndings } from '../../ui/window-state.ts'

export function DataPage() {
  const client = useClient()
  const navigate = useNavigate()
  const datasets = useQuery({ queryKey: ['datasets'], queryFn: () => client.datasets.list() })
  const button = (
    <FileButton onChange={(files) => receive(files.map((file) => ({ file })))} accept={tableEndings} multiple>
      {(props) => <Button {...props}>Import a table</Button>}
    </FileButton>
  )
  return (
    <>
      <PageHead title="Data" actions={button} />
      <Loaded query={datasets}>
        {(data) =>
          data.datasets.length === 0 ? (
            <EmptyState title="No data yet">Drop a CSV, Parquet or Arrow file anywhere on this window.</EmptyState>
          ) : (
            <DataTable
              label="Datasets"
              view="datasets"
              rows={data.datasets}
              rowKey={(row) => row.id}
              onOpen={(row) => void navigate({ to: '/data/$name', params: { name: row.name } })}
              columns={[
                { key: 'name', title: 'Name', value: (row) => row.name, width: 240 },
                { key: 'version', title: 'Version', value: (row) => row.version, width: 80 },
                { key: 'rows', title: 'Rows', value: (row) => row.rows, width: 110 },
                { key: 'columns', title: 'Columns', value: (row) => row.columnCount, width: 90 },
                {
                  key: 'bytes',
                  title: 'Size',
                  value: (row) => row.bytes,
                  render: (row) => formatBytes(row.bytes),
                  width: 100,
                },
                { key: 'source', title: 'Source', value: (row) => row.source, width: 200 },
                {
                  key: 'created',
                  title: 'Imported',
                  value: (row) => row.createdAt,
                  render: (row) => <RelativeTime time={row.createdAt} />,
                  width: 140,
                },
              ]}
            />
          )
        }
      </Loaded>
    </>
  )
}
