import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { expect, test } from 'vitest'

/** What can open a connection, by how it is written in a source. */
const ways: readonly RegExp[] = [
  /from '(node:)?(net|tls|http|https|http2|dgram|dns|dns\/promises|inspector)'/,
  /from '(undici|nodemailer|ws|axios|got|node-fetch|electron-updater)(\/[^']*)?'/,
  /import\('(node:)?(net|tls|http|https|http2|dgram|dns|undici|nodemailer|ws)[^']*'\)/,
  /\bfetch\(/,
  /\bnew (WebSocket|EventSource|XMLHttpRequest)\b/,
  /\bsendBeacon\(/,
  /\bnet\.(request|fetch)\(/,
  /process\.binding|_linkedBinding/,
]

/**
 * Every source that knows of the network, and why it may. Only those under core/egress connect to elsewhere; who adds
 * another has to say here what it connects to.
 */
const known: Readonly<Record<string, string>> = {
  'core/egress/egress-gate.ts': 'the gate',
  'core/egress/post-json.ts': 'speaks over a connection that the gate has opened',
  'core/egress/private-address.ts': 'reads addresses',
  'core/egress/send-mail.ts': 'speaks over a connection that the gate has opened',
  'core/egress/trusted-certificates.ts': 'reads certificates',
  'core/rpc/attach-client.ts': 'to the host of the same workspace, on 127.0.0.1',
  'core/rpc/attach-host.ts': 'listens on loopback',
  'core/rpc/browser-host.ts': 'listens on loopback, unless told otherwise',
  'core/rpc/listen-on-loopback.ts': 'listens on loopback',
  'core/rpc/sessions.ts': 'types',
  'renderer/api/client.ts': 'to the host that served the page',
  'renderer/api/upload.ts': 'to the host that served the page',
}

test('no other source can open a connection', async () => {
  const found: string[] = []
  for await (const path of glob('{engine,shared,core,electron,server,cli,renderer}/**/*.{ts,tsx,mjs}', {
    exclude: ['**/generated/**'],
  })) {
    const source = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    if (ways.some((way) => way.test(source))) found.push(path.replaceAll('\\', '/'))
  }
  expect(found.sort()).toEqual(expect.arrayContaining(['core/egress/egress-gate.ts']))
  expect(found.filter((path) => !(path in known))).toEqual([])
  // A list with names of what is gone would let something else take their place.
  expect(Object.keys(known).filter((path) => !found.includes(path))).toEqual([])
})
