import { spawn } from 'node:child_process'
import { verb } from '../command.ts'
import { toJson } from '../format.ts'
import { usageError } from '../usage-error.ts'

export const serve = verb({
  name: 'serve',
  words: '',
  summary: 'open the window in a browser, here or (through a tunnel) on a remote machine',
  options: [
    { name: 'host', value: 'ADDRESS', summary: 'address to listen on (default 127.0.0.1)' },
    { name: 'port', value: 'N', summary: 'port (default: any free one)' },
    { name: 'open', summary: 'open the browser too' },
  ],
  examples: ['serve --open', 'serve --port 8080'],
  async run({ connect, options, json, interrupted }) {
    const port = options.integer('port')
    if (port !== undefined && (port < 0 || port > 65_535))
      throw usageError(`There is no port ${port}.`, 'Ports are 0 to 65535.')
    const connection = await connect()
    const url = await connection.openBrowserFace({ host: options.text('host'), port })
    process.stdout.write(`${json ? toJson({ url }) : `Maestro is ready: ${url}`}\n`)
    if (options.flag('open')) openInBrowser(url)
    await Promise.race([
      connection.gone,
      new Promise<void>((resolve) => {
        if (interrupted.aborted) resolve()
        interrupted.addEventListener('abort', () => resolve(), { once: true })
      }),
    ])
    return { json: undefined, text: '' }
  },
})

function openInBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open']
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  // Without a desktop there is nothing to open it with; the address is printed.
  child.once('error', () => undefined)
  child.unref()
}
