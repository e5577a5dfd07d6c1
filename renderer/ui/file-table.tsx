import { Table } from '@mantine/core'
import { saveUrl } from '../api/upload.ts'
import { Digest, formatBytes } from './numbers.tsx'

interface StoredFile {
  readonly path: string
  readonly bytes: number
  readonly digest: string
}

/** Stored files, each a click away. */
export function FileTable({ files }: { readonly files: readonly StoredFile[] }) {
  return (
    <Table aria-label="Files" className="card">
      <Table.Tbody>
        {files.map(({ path, bytes, digest }) => (
          <Table.Tr key={path}>
            <Table.Td>
              <button
                type="button"
                className="plain-button"
                onClick={() => saveUrl(path, `/files/${digest.replace('sha256:', '')}/${encodeURIComponent(path)}`)}
              >
                {path}
              </button>
            </Table.Td>
            <Table.Td>{formatBytes(bytes)}</Table.Td>
            <Table.Td>
              <Digest value={digest} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
