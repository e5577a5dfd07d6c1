import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createPartialFile } from '../../../../../core/services/predict/partial-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-partial-'))
const path = join(folder, 'out.csv')
const partial = join(folder, 'out.csv.1.partial')
afterAll(() => rmSync(folder, { recursive: true }))

test('the file appears whole or not at all, and replaces what was there only then', () => {
  writeFileSync(path, 'old')
  const file = createPartialFile(path, partial)
  const text = 'ä,"b"\n'.repeat(100_000)
  file.write(text)
  expect(readFileSync(path, 'utf8')).toBe('old')
  file.write('end')
  file.complete()
  file.discard()
  expect(readFileSync(path, 'utf8')).toBe(`${text}end`)
  expect(readdirSync(folder)).toEqual(['out.csv'])
})

test('what was not completed is removed', () => {
  const file = createPartialFile(join(folder, 'never.csv'), partial)
  file.write('text')
  file.discard()
  expect(existsSync(partial)).toBe(false)
  expect(existsSync(join(folder, 'never.csv'))).toBe(false)
})

test('a folder that does not exist and one that is a file are told', () => {
  for (const place of [join(folder, 'none', 'out.csv'), join(path, 'out.csv')]) {
    expect(() => createPartialFile(place, `${place}.partial`)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_FOUND', message: expect.stringContaining('folder') }),
    )
  }
})
