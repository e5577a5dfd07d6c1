import type { RowsInput } from '../../../shared/domain/datasets.ts'
import { limits } from '../../../shared/domain/limits.ts'
import type { MaestroClient } from '../../api/client.ts'
import { cellsToText } from '../../ui/table-rows.ts'

/**
 * All rows that match as CSV, a page of the host's after the other, so that no more than one of them is text at a time.
 * Tells the share done. Throws what the host throws, and an AbortError when it is stopped.
 */
export async function exportRows(
  client: MaestroClient,
  what: Pick<RowsInput, 'dataset' | 'sort' | 'filters'>,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const parts: Blob[] = []
  for (let offset = 0, total = 1; offset < total; offset += limits.pageRows) {
    signal.throwIfAborted()
    const page = await client.datasets.rows({ ...what, offset, limit: limits.pageRows }, { signal })
    total = page.total
    const head = offset === 0 ? [page.columns.map(({ name }) => name)] : []
    parts.push(new Blob([cellsToText([...head, ...page.rows.map(({ cells }) => cells)], ',')]))
    onProgress(total === 0 ? 1 : Math.min(1, (offset + page.rows.length) / total))
  }
  return new Blob(parts, { type: 'text/csv' })
}
