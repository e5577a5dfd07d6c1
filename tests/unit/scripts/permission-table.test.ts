import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { permissionTable } from '../../../scripts/permission-table.ts'

test('the matrix in the documents is the one that is enforced', () => {
  expect(readFileSync('docs/permissions.md', 'utf8').replaceAll('\r\n', '\n')).toBe(permissionTable())
})
