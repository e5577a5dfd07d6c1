import { globSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { build } from 'vite'
import { expect, test } from 'vitest'
import { kernelText } from '../../engine/kernels/kernels.wasm.ts'

const entry = 'used-of-engine'

/** A module that exports what other folders import of the engine's values, and with it all that those need. */
function usedOfEngine(): string {
  const used = new Set<string>()
  for (const file of globSync('{core,cli,electron,server}/**/*.ts')) {
    const imports = readFileSync(file, 'utf8').matchAll(/import \{([^}]*)\} from '((?:\.\.\/)+engine\/[^']+)'/g)
    for (const [, names = '', path = ''] of imports) {
      for (const name of names.split(',').map((part) => part.trim().replace(/ as .*/, ''))) {
        if (name !== '' && !name.startsWith('type ')) used.add(`${name} ${resolve(dirname(file), path)}`)
      }
    }
  }
  const exports = Array.from(used, (line, index) => {
    const [name, path] = line.split(' ')
    return `export { ${name} as e${index} } from ${JSON.stringify(path)}`
  })
  expect(exports.length).toBeGreaterThan(100)
  return exports.join('\n')
}

test('the engine takes less than 400 KB minified, its kernels less than 50 KB', async () => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: entry,
        resolveId: (id) => (id.endsWith(entry) ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? usedOfEngine() : null),
      },
    ],
    // No library build, which would keep the blanks.
    build: {
      write: false,
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  })
  // The kernels count for themselves.
  const parts = [built].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []))
  const bytes = parts.reduce((sum, part) => sum + (part.type === 'chunk' ? Buffer.byteLength(part.code) : 0), 0)
  expect(bytes).toBeGreaterThan(100_000)
  expect(bytes - kernelText.length).toBeLessThan(400_000)
  expect(kernelText.length).toBeLessThan(50_000)
})
