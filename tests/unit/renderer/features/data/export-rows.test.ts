import { describe, expect, test } from 'vitest'
import type { MaestroClient } from '../../../../../renderer/api/client.ts'
import { exportRows } from '../../../../../renderer/features/data/export-rows.ts'
import type { RowsInput, RowsPage } from '../../../../../shared/domain/datasets.ts'
import { limits } from '../../../../../shared/domain/limits.ts'

/** A host whose table has rows 0, 1, 2 … and one column of texts. */
function hostWith(total: number, asked: Partial<RowsInput>[]) {
  const rows = (input: Partial<RowsInput>): Promise<RowsPage> => {
    asked.push(input)
    const { offset = 0, limit = 100 } = input
    const count = Math.max(0, Math.min(limit, total - offset))
    return Promise.resolve({
      total,
      columns: [{ name: 'a,b', type: 'text' }],
      rows: Array.from({ length: count }, (_, at) => ({ row: offset + at, cells: [`r${offset + at}`] })),
    })
  }
  return { datasets: { rows } } as unknown as MaestroClient
}

const what = { dataset: 'd', sort: { column: 'a,b', descending: true }, filters: [] }

describe('export of the rows that match', () => {
  test('every page follows the other, the head comes once', async () => {
    const total = 2 * limits.pageRows + 3
    const asked: Partial<RowsInput>[] = []
    const shares: number[] = []
    const blob = await exportRows(
      hostWith(total, asked),
      what,
      (share) => shares.push(share),
      new AbortController().signal,
    )
    const lines = (await blob.text()).trimEnd().split('\n')
    expect(lines).toHaveLength(total + 1)
    expect([lines[0], lines[1], lines.at(-1)]).toEqual(['"a,b"', 'r0', `r${total - 1}`])
    expect(asked.map(({ offset, sort }) => ({ offset, sort }))).toEqual(
      [0, 1, 2].map((page) => ({ offset: page * limits.pageRows, sort: what.sort })),
    )
    expect(shares.at(-1)).toBe(1)
  })

  test('without rows there is the head', async () => {
    const blob = await exportRows(hostWith(0, []), what, () => undefined, new AbortController().signal)
    expect(await blob.text()).toBe('"a,b"\n')
  })

  test('it can be stopped between two pages', async () => {
    const stop = new AbortController()
    const asked: Partial<RowsInput>[] = []
    const running = exportRows(hostWith(50 * limits.pageRows, asked), what, () => stop.abort(), stop.signal)
    await expect(running).rejects.toThrow(/abort/i)
    expect(asked).toHaveLength(1)
  })
})
