#!/usr/bin/env node
// The command `maestro`. Plain JavaScript, so that an old Node can start the right one instead of stumbling over types.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

if (Number(process.versions.napi) >= 10 && process.features.typescript) {
  // Stripping types and compiling is half of a short command's time; the second run finds both done.
  // Beside the program, not in the shared temporary folder, where another user could put something in its place.
  const cache = fileURLToPath(new URL('../node_modules/.cache/maestro/compiled', import.meta.url))
  module.enableCompileCache(cache)
  process.env.NODE_COMPILE_CACHE ??= cache
  const { runProgram } = await import('./main.ts')
  await runProgram()
} else {
  const program = process.platform === 'win32' ? 'node.exe' : 'node'
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const found = [`node-${platform}/bin/${program}`, '.bin/node']
    .map((path) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url)))
    .find((path) => existsSync(path))
  if (found === undefined || process.env.MAESTRO_LAUNCHED === '1') {
    console.error(`error[INTERNAL]: Maestro needs Node 24; this is ${process.version}.`)
    console.error(
      'hint: run "npm ci" in its folder, which brings one for Linux and Windows; elsewhere install Node 24.',
    )
    process.exitCode = 1
  } else {
    // Ctrl+C reaches the child by itself; this process stays until it has ended.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
    const { status } = spawnSync(found, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: 'inherit',
      env: { ...process.env, MAESTRO_LAUNCHED: '1' },
    })
    process.exitCode = status ?? 1
  }
}
