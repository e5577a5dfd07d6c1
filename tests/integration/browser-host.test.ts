import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { BrowserHost } from '../../core/rpc/browser-host.ts'
import { startBrowserHost } from '../../core/rpc/browser-host.ts'
import type { TestApp } from '../fixtures/test-app.ts'
import { openTestApp, owner } from '../fixtures/test-app.ts'

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
}

let world: TestApp
let host: BrowserHost
let cookie: string

/** Sends what it is told, Host header and raw path included, as an attacker's program would. */
function send(
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  const { port } = new URL(host.origin)
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers: options.headers },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      },
    )
    sent.once('error', reject)
    sent.end(options.body)
  })
}

const asUser = (headers: OutgoingHttpHeaders = {}) => ({ headers: { cookie, ...headers } })
const rpc = (headers: OutgoingHttpHeaders) =>
  send('/rpc/settings/get', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' })

beforeAll(async () => {
  world = await openTestApp()
  host = await startBrowserHost({ pages: world.pages, app: world.app, actor: owner })
  const entered = await send(new URL(host.newUrl()).search.replace(/^/, '/'))
  cookie = String(entered.headers['set-cookie']).split(';')[0] ?? ''
})
afterAll(async () => {
  await host.close()
  await world.close()
})

describe('@securityTest the way in', () => {
  test('a token is exchanged for a cookie that scripts cannot read and other sites do not send', async () => {
    const answer = await send(`/?token=${new URL(host.newUrl()).searchParams.get('token')}`)
    expect([answer.status, answer.headers.location]).toEqual([303, '/'])
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^maestro-session-\d+=[\w-]{40,}; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('a token works once', async () => {
    const path = `/?token=${new URL(host.newUrl()).searchParams.get('token')}`
    expect((await send(path)).status).toBe(303)
    const second = await send(path, { headers: { accept: 'text/html' } })
    expect(second.status).toBe(401)
    expect(second.headers['set-cookie']).toBeUndefined()
    expect(second.body).toContain('prints a fresh link')
  })

  test.each(['/', '/index.html', '/assets/main-1a2b.js', `/files/${'0'.repeat(64)}/x`, '/nothing'])(
    'without a cookie %s is refused',
    async (path) => {
      expect((await send(path)).status).toBe(401)
      expect((await send(path, { headers: { cookie: 'maestro-session-1=guess' } })).status).toBe(401)
    },
  )

  test('without a cookie no procedure is called and nothing is uploaded', async () => {
    expect((await rpc({})).status).toBe(401)
    expect((await send('/upload?name=a.csv', { method: 'POST', body: 'a' })).status).toBe(401)
    expect(readdirSync(world.app.context.paths.uploads)).toEqual([])
  })

  test('with the cookie procedures are called', async () => {
    expect((await rpc({ cookie })).status).toBe(200)
    expect((await rpc({ cookie, origin: host.origin })).status).toBe(200)
  })

  test('a link on another site’s page is loaded again from here, without a loop', async () => {
    const across = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', accept: 'text/html' }
    const first = await send('/', { headers: across })
    expect([first.status, first.body]).toEqual([200, expect.stringContaining('http-equiv="refresh"')])
    expect((await send('/', { headers: { ...across, 'sec-fetch-site': 'same-origin' } })).status).toBe(401)
  })
})

describe('@securityTest other sites and rebound names', () => {
  test.each(['http://elsewhere.test', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'the origin %s is refused, cookie or not',
    async (origin) => {
      expect((await rpc({ cookie, origin })).status).toBe(403)
      expect((await send('/upload?name=a', { method: 'POST', body: 'a', headers: { cookie, origin } })).status).toBe(
        403,
      )
    },
  )

  test.each(['elsewhere.test', 'elsewhere.test:80', '127.0.0.1.elsewhere.test', 'localhost.elsewhere.test'])(
    'the host name "%s" is refused',
    async (name) => {
      expect((await rpc({ cookie, host: name })).status).toBe(403)
      expect((await send('/', asUser({ host: name }))).status).toBe(403)
    },
  )

  test.each(['localhost:1234', '127.0.0.1:9', '[::1]:80'])('a tunnel’s own name %s is taken', async (name) => {
    expect((await rpc({ cookie, host: name, origin: `http://${name}` })).status).toBe(200)
  })

  const connect = (headers: Record<string, string>, origin?: string) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/ws`, {
        headers,
        ...(origin ? { origin } : {}),
      })
      socket.once('open', () => {
        socket.terminate()
        resolve('open')
      })
      socket.once('error', (error) => resolve(error.message))
    })

  test('a WebSocket needs the cookie and our own origin', async () => {
    expect(await connect({ cookie }, host.origin)).toBe('open')
    expect(await connect({ cookie }, 'http://elsewhere.test')).toContain('401')
    expect(await connect({ cookie })).toContain('401')
    expect(await connect({}, host.origin)).toContain('401')
    expect(await connect({ cookie, host: 'elsewhere.test' }, 'http://elsewhere.test')).toContain('401')
  })
})

describe('@securityTest paths', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/..\\secret.txt',
    '/..%5csecret.txt',
    '//secret.txt',
    '/%00secret.txt',
    '/%',
    `/files/../../workspace/workspace.db`,
    `/files/${'g'.repeat(64)}/x`,
    `/files/${'0'.repeat(64)}/..%2f..%2fworkspace.db`,
  ])('%s leads nowhere', async (path) => {
    writeFileSync(join(world.folder, 'secret.txt'), 'secret')
    const answer = await send(path, asUser())
    expect(answer.body).not.toContain('secret')
    expect([400, 404]).toContain(answer.status)
  })

  test.each([
    ['../../../evil.csv', 'evil.csv'],
    ['..\\..\\evil.csv', 'evil.csv'],
    ['/etc/passwd', 'passwd'],
    ['.hidden', 'hidden'],
    ['a\u0000b\n<c>.csv', 'a_b__c_.csv'],
    ['größe 表.csv', 'größe 表.csv'],
    ['', 'upload'],
    [`${'x'.repeat(400)}.parquet`, `${'x'.repeat(112)}.parquet`],
  ])('an upload named "%s" lands in the uploads folder', async (name, kept) => {
    const answer = await send(`/upload?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: 'content',
      ...asUser(),
    })
    const { upload } = JSON.parse(answer.body) as { upload: string }
    expect(upload.slice(33)).toBe(kept)
    expect(readFileSync(join(world.app.context.paths.uploads, upload), 'utf8')).toBe('content')
  })
})

describe('files', () => {
  test('a stored file comes as a download that cannot run as a page', async () => {
    const { digest } = world.app.context.blobs.put('<script>')
    const { status, headers, body } = await send(`/files/${digest.slice(7)}/gr%C3%B6%C3%9Fe.html`, asUser())
    expect([status, body]).toEqual([200, '<script>'])
    expect(headers['content-type']).toBe('application/octet-stream')
    expect(headers['content-disposition']).toBe(
      `attachment; filename="gr__e.html"; filename*=UTF-8''gr%C3%B6%C3%9Fe.html`,
    )
    expect(headers['content-security-policy']).toContain('sandbox')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('a file that is not there is not found', async () => {
    const hex = createHash('sha256').update('not there').digest('hex')
    expect((await send(`/files/${hex}/x`, asUser())).status).toBe(404)
  })

  test('an upload that breaks off leaves nothing', async () => {
    const uploads = () => readdirSync(world.app.context.paths.uploads)
    const before = uploads()
    const { port } = new URL(host.origin)
    const sent = request({
      host: '127.0.0.1',
      port,
      path: '/upload?name=a.csv',
      method: 'POST',
      headers: { cookie, 'content-length': 1000 },
    })
    const ended = once(sent, 'error')
    sent.write('half')
    await expect.poll(uploads, { timeout: 20_000 }).toHaveLength(before.length + 1)
    sent.destroy()
    await ended
    await expect.poll(uploads, { timeout: 20_000 }).toEqual(before)
  })

  test('only POST uploads', async () => {
    expect((await send('/upload?name=a', asUser())).status).toBe(405)
  })

  test('a damaged workspace takes no upload', async () => {
    world.app.health.damaged(['a test'])
    try {
      const answer = await send('/upload?name=a', { method: 'POST', body: 'a', ...asUser() })
      expect([answer.status, JSON.parse(answer.body).code]).toEqual([409, 'READ_ONLY'])
    } finally {
      world.app.health.damaged([])
    }
  })
})

describe('pages', () => {
  test('a route of the window gives the page, with a strict policy and a new nonce', async () => {
    const [first, second] = [await send('/models/titanic', asUser()), await send('/', asUser())]
    expect(first.status).toBe(200)
    const policy = String(first.headers['content-security-policy'])
    expect(policy).not.toContain('unsafe')
    const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? []
    expect(first.body).toContain(nonce)
    expect(second.body).not.toContain(nonce)
    expect(first.headers['cache-control']).toBe('no-store')
  })

  test('files with their hash in the name are kept for ever, others are asked for again', async () => {
    const script = await send('/assets/main-1a2b.js', asUser())
    expect([script.headers['cache-control'], script.headers['content-type']]).toEqual([
      'public, max-age=31536000, immutable',
      'text/javascript; charset=utf-8',
    ])
    expect((await send('/icon.svg', asUser())).headers['cache-control']).toBe('no-cache')
    expect((await send('/assets/gone-9999.js', asUser())).status).toBe(404)
  })

  test('pages are read, not written', async () => {
    expect((await send('/', { method: 'PUT', ...asUser() })).status).toBe(405)
    expect((await send('/', { method: 'HEAD', ...asUser() })).status).toBe(200)
  })
})
