import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { goldenModels } from './golden-models.ts'

/** node tests/golden/onnx/write-golden-models.ts FOLDER; then onnx-checker.py FOLDER. */
const [, , folder = '.'] = process.argv
for (const { name, bytes } of goldenModels) writeFileSync(join(folder, `${name}.onnx`), bytes)
