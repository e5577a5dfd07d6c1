import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'

const startThread = JSON.stringify(pathToFileURL(resolve('core/workers/start-thread.ts')).href)

/** What V8 tells of WebAssembly that it frees while two threads start. */
function freedWhileThreadsStart(afterStart: string): string {
  const program = `
    import { setFlagsFromString } from 'node:v8'
    import { startThread } from ${startThread}
    const threads = ['kernel-worker', 'table-worker'].map((name) => startThread(name))
    ${afterStart}
    for (const thread of threads) thread.postMessage({})
    await Promise.all(threads.map((thread) => new Promise((resolve) => thread.once('message', resolve))))
    process.exit()`
  const flags = ['--trace-wasm-code-gc', '--stress-wasm-code-gc', '--eval', program]
  // Without the cache each thread strips the types of all its files, by WebAssembly.
  const env = { ...process.env, NODE_COMPILE_CACHE: '' }
  const { stdout, stderr, status } = spawnSync(process.execPath, flags, { encoding: 'utf8', env })
  expect(status, stderr).toBe(0)
  return stdout
}

it('keeps compiled WebAssembly, since freeing it ends the process at times', () => {
  expect(freedWhileThreadsStart('')).toBe('')
  expect(freedWhileThreadsStart("setFlagsFromString('--wasm-code-gc')")).toContain('Triggering GC')
})

it('is the only place that starts threads', () => {
  const starting = globSync('{core,engine,electron,cli,server,shared}/**/*.ts').filter((path) => {
    return readFileSync(path, 'utf8').includes('new Worker(')
  })
  expect(starting).toEqual(['core/workers/start-thread.ts'])
})
