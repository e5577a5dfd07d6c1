import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import type { ImportRequest } from '../../core/services/datasets/import-request.ts'
import { targetSuggestion } from '../../shared/domain/datasets.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-datasets-'))
let app: App
beforeAll(async () => {
  app = await openApp(join(folder, 'workspace'))
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true })
})

const people = `id,name,age,smokes,group\n${Array.from({ length: 40 }, (_, at) => `${at + 1},n${at},${at % 7 ? 20 + (at % 30) : ''},${at % 3 ? 'no' : 'yes'},0${at % 3}`).join('\n')}\n`

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function importing(request: Partial<ImportRequest> & Pick<ImportRequest, 'source'>) {
  const { job } = app.datasets.import({ types: {}, reading: {}, ...request })
  return app.jobs.wait(job.id)
}

async function imported(name: string, content: string): Promise<Record<string, unknown>> {
  const job = await importing({ source: { path: write(`${name}.csv`, content) } })
  expect(job).toMatchObject({ state: 'succeeded', kind: 'import' })
  return job.result as Record<string, unknown>
}

describe('import', () => {
  test('a file becomes a dataset with its profile, and a reference to it', async () => {
    expect(await imported('people', people)).toMatchObject({ dataset: 'people', version: 1, existed: false })
    const detail = app.datasets.get('people')
    expect(detail).toMatchObject({ name: 'people', rows: 40, columnCount: 5, source: 'people.csv', version: 1 })
    expect(detail.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id id',
      'name id',
      'age number',
      'smokes boolean',
      'group category',
    ])
    expect(detail.columns[2]).toMatchObject({ missing: 6, rows: 40 })
    expect(detail.reading).toMatchObject({ format: 'CSV', delimiter: ',', encoding: 'utf-8', header: 'yes' })
    for (const reference of ['people', 'people/1', detail.id, detail.versionId])
      expect(app.datasets.resolve(reference)).toMatchObject({ dataset: { name: 'people' }, version: 1 })
    expect(app.datasets.readFrame('people').columns[4]).toMatchObject({ levels: ['00', '01', '02'] })
  })

  test('the same table again, under another name or packed, is the dataset that is there', async () => {
    expect(await imported('copy', people)).toMatchObject({ dataset: 'people', existed: true })
    const packed = await importing({ source: { path: write('packed.csv.gz', gzipSync(people)) } })
    expect(packed.result).toMatchObject({ dataset: 'people', existed: true })
    expect(app.datasets.list(false).datasets.map(({ name }) => name)).toEqual(['people'])
  })

  test('another table of the same name is its next version, and the first stays', async () => {
    await imported('growing', 'a,b\n1,x\n2,y\n')
    expect(await imported('growing', 'a,b\n1,x\n2,y\n3,z\n')).toMatchObject({ dataset: 'growing', version: 2 })
    expect(app.datasets.get('growing').versions.map(({ version, rows }) => [version, rows])).toEqual([
      [2, 3],
      [1, 2],
    ])
    expect(app.datasets.resolve('growing/1').rows).toBe(2)
  })

  test('pasted text, and an upload, which is removed', async () => {
    const pasted = await importing({
      source: { text: 'p\tq\n1\t2\n3\t4\n', fileName: 'pasted.csv' },
      name: 'from the clipboard',
    })
    expect(pasted.result).toMatchObject({ dataset: 'from the clipboard' })
    const upload = `${'0'.repeat(32)}-sent.csv`
    writeFileSync(join(app.context.paths.uploads, upload), 'u,v\n5,6\n7,8\n')
    expect((await importing({ source: { upload } })).result).toMatchObject({ dataset: 'sent' })
    expect(readdirSync(app.context.paths.uploads)).toEqual([])
  })

  test.each([
    ['ragged', 'a,b\n1,2\n3,4,5\n', 'DATASET_PARSE'],
    ['header only', 'a,b\n', 'DATASET_EMPTY'],
    ['binary', Buffer.from(Array.from({ length: 500 }, (_, at) => at % 9)), 'DATASET_PARSE'],
  ])('a bad file (%s) leaves nothing behind', async (name, content, code) => {
    const before = { blobs: app.context.blobs.list().length, datasets: app.datasets.list(false).datasets.length }
    const job = await importing({ source: { path: write(`${name}.csv`, content) } })
    expect(job).toMatchObject({ state: 'failed', error: { code } })
    expect({ blobs: app.context.blobs.list().length, datasets: app.datasets.list(false).datasets.length }).toEqual(
      before,
    )
  })

  test('a file that is not there, or a folder, is refused at once', () => {
    const request = (path: string) => () => app.datasets.import({ source: { path }, types: {}, reading: {} })
    expect(request(join(folder, 'nowhere.csv'))).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }))
    expect(request(folder)).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }))
    expect(() => app.datasets.import({ source: { upload: '../../maestro.db' }, types: {}, reading: {} })).toThrow()
  })

  test('a cancelled import ends and leaves no dataset', async () => {
    const path = write('long.csv', `a,b,c\n${'1,2,some text\n'.repeat(3_000_000)}`)
    const { job } = app.datasets.import({ source: { path }, types: {}, reading: {} })
    await expect.poll(() => app.jobs.get(job.id).state, { timeout: 120_000 }).toBe('running')
    expect((await app.jobs.cancel(job.id)).state).toBe('cancelled')
    expect(app.datasets.list(false).datasets.some(({ name }) => name === 'long')).toBe(false)
    rmSync(path)
  })
})

test('a preview shows rows and types and keeps nothing', async () => {
  const before = app.context.blobs.list().length
  const preview = await app.datasets.preview({ text: people, fileName: 'pasted.csv' }, {})
  expect(preview.columns).toHaveLength(5)
  expect(preview.rows[0]).toEqual(['1', 'n0', null, 'yes', '00'])
  expect(preview).toMatchObject({ fileName: 'pasted.csv', format: 'CSV' })
  expect(app.context.blobs.list()).toHaveLength(before)
  expect(readdirSync(app.context.paths.scratch)).toEqual([])
})

test('other types make a new version from the stored source, though the file is gone', async () => {
  await imported('typed', 'code,n\n"1,5",007\n"2,5",008\n')
  rmSync(join(folder, 'typed.csv'))
  const { job } = app.datasets.retype('typed', { n: 'number' })
  expect(await app.jobs.wait(job.id)).toMatchObject({ state: 'succeeded', result: { dataset: 'typed', version: 2 } })
  expect(app.datasets.readFrame('typed').columns).toMatchObject([
    { type: 'number', values: Float64Array.of(1.5, 2.5) },
    { type: 'number', values: Float64Array.of(7, 8) },
  ])
  expect(app.datasets.readFrame('typed/1').columns[1]).toMatchObject({ levels: ['007', '008'] })
  expect(() => app.datasets.retype('typed', { x: 'number' })).toThrow(
    expect.objectContaining({ code: 'COLUMN_UNKNOWN' }),
  )
})

describe('rows, target, export', () => {
  test('rows come sorted and filtered', async () => {
    const page = await app.datasets.rows({
      dataset: 'people',
      offset: 0,
      limit: 2,
      sort: { column: 'age', descending: true },
      filters: [{ column: 'smokes', operator: '=', value: 'yes' }],
    })
    expect(page.total).toBe(14)
    expect(page.rows[0]?.cells[3]).toBe('yes')
  })

  test('a target is described as the contract has it', async () => {
    const suggestion = await app.datasets.target('people', 'smokes')
    expect(targetSuggestion.parse(suggestion)).toEqual(suggestion)
    expect(suggestion).toMatchObject({
      task: 'binary',
      usableRows: 40,
      classes: [
        { label: 'no', count: 26 },
        { label: 'yes', count: 14 },
      ],
    })
    // The group is the row number modulo 3, and so is who smokes.
    expect(suggestion.warnings).toContainEqual(expect.objectContaining({ code: 'LEAKAGE', column: 'group' }))
    await expect(app.datasets.target('people', 'nobody')).rejects.toMatchObject({ code: 'TARGET_MISSING' })
  })

  test('an export is the table, to a path or as a download', async () => {
    const out = join(folder, 'out.csv')
    expect(await app.datasets.export('people', out)).toMatchObject({ out, rows: 40, href: null })
    expect(readFileSync(out, 'utf8')).toBe(people)
    const { href } = await app.datasets.export('people', undefined)
    expect(href).toMatch(/^\/?files\/[0-9a-f]{64}\/people\.csv$/)
  })
})

describe('trash', () => {
  test('out and back, and for good with its bytes', async () => {
    await imported('unwanted', 'x,y\n101,102\n103,104\n')
    const { columnFilePath } = app.datasets.resolve('unwanted')
    expect(() => app.datasets.purge('unwanted')).toThrow(expect.objectContaining({ code: 'STATE_REFUSED' }))
    app.datasets.delete('unwanted')
    expect(() => app.datasets.resolve('unwanted')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(app.datasets.list(true).datasets.map(({ name }) => name)).toContain('unwanted')
    app.datasets.restore('unwanted')
    expect(app.datasets.resolve('unwanted').version).toBe(1)
    app.datasets.delete('unwanted')
    expect(app.datasets.purge('unwanted').freedBytes).toBeGreaterThan(0)
    expect(existsSync(columnFilePath)).toBe(false)
    expect(() => app.datasets.get('unwanted')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  test('a name in use stops a restore and a rename', async () => {
    await imported('twin', 'x,y\n1,2\n5,6\n')
    app.datasets.delete('twin')
    await imported('twin', 'x,y\n1,2\n5,7\n')
    const deleted = app.datasets.list(true).datasets.find(({ name }) => name === 'twin')
    expect(() => app.datasets.restore(deleted?.id ?? '')).toThrow(expect.objectContaining({ code: 'NAME_TAKEN' }))
    expect(() => app.datasets.update('twin', { name: 'people' })).toThrow(
      expect.objectContaining({ code: 'NAME_TAKEN' }),
    )
    expect(app.datasets.update('twin', { name: 'twin 2', description: 'renamed' })).toMatchObject({ name: 'twin 2' })
    expect(app.datasets.restore(deleted?.id ?? '')).toMatchObject({ name: 'twin', deletedAt: null })
  })
})
