import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openRotatingFile } from '../../../../core/logging/rotating-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-log-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file that is full is put aside, the oldest goes, and no line is lost or cut', () => {
  const file = openRotatingFile(folder, { name: 'a.log', maxBytes: 100, keep: 2 })
  for (let line = 0; line < 30; line++) file.write(`line ${line}\n`.padStart(10))
  file.close()
  const kept = ['a.log.2', 'a.log.1', 'a.log'].map((name) => readFileSync(join(folder, name), 'utf8'))
  expect(
    kept
      .join('')
      .trim()
      .split(/\s*\n\s*/)
      .at(-1),
  ).toBe('line 29')
  for (const content of kept) expect(content.length).toBeLessThanOrEqual(100)
  expect(existsSync(join(folder, 'a.log.3'))).toBe(false)
})

test('a file goes on where the last program left it, readable for its owner only', () => {
  const first = openRotatingFile(folder, { name: 'b.log' })
  first.write('one\n')
  first.close()
  const second = openRotatingFile(folder, { name: 'b.log' })
  second.write('two\n')
  second.close()
  second.write('too late\n')
  expect(readFileSync(join(folder, 'b.log'), 'utf8')).toBe('one\ntwo\n')
  if (process.platform !== 'win32') expect(statSync(join(folder, 'b.log')).mode & 0o777).toBe(0o600)
})
