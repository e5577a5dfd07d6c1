import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { openRequestPath } from '../../../electron/open-requests.ts'

test.each([
  [['maestro://approval/1?x=a b&y'], '/open?link=maestro%3A%2F%2Fapproval%2F1%3Fx%3Da%20b%26y'],
  [['--inspect', 'table.CSV'], `/open?file=${encodeURIComponent(resolve('table.CSV'))}`],
  [['program.exe', 'model.onnx', 'other.csv'], `/open?file=${encodeURIComponent(resolve('model.onnx'))}`],
  [['Titanic-4.maestro'], `/open?file=${encodeURIComponent(resolve('Titanic-4.maestro'))}`],
  [['https://elsewhere.test/a.html'], null],
  [['--file=table.csv'], null],
  [['notes.txt'], null],
  [[], null],
  [[`maestro://${'x'.repeat(3000)}`], null],
])('%j opens %s', (args, path) => expect(openRequestPath(args)).toBe(path))
