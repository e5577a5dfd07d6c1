import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EgressRecord } from '../../../core/egress/egress-gate.ts'
import { createEgressGate } from '../../../core/egress/egress-gate.ts'

const greeted: string[] = []
const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (part) => {
    greeted.push(part.toString())
    socket.end('bye')
  })
})
let port: number
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

interface Rules {
  on: boolean
  allowed: Record<string, { privateAllowed: boolean }>
}

function gateWith(rules: Rules, addresses: readonly string[] = ['127.0.0.1']) {
  const written: EgressRecord[] = []
  const gate = createEgressGate({
    rules: { isOn: () => rules.on, host: (host, at) => rules.allowed[`${host}:${at}`] },
    record: (entry) => void written.push(entry),
    lookup: () => Promise.resolve(addresses),
  })
  const go = (host = 'mail.test') =>
    gate.through({ destination: 'd', host, port, kind: 'k', messageId: 'm' }, async (socket) => {
      socket.write('hello')
      for await (const _ of socket);
      return 'done'
    })
  return { go, written }
}

const open = (privateAllowed: boolean): Rules => ({ on: true, allowed: { [`mail.test:${port}`]: { privateAllowed } } })

test('opens a connection to what was allowed, and writes down how much went through', async () => {
  const { go, written } = gateWith(open(true))
  expect(await go()).toBe('done')
  expect(greeted.pop()).toBe('hello')
  expect(written).toEqual([
    {
      destination: 'd',
      host: 'mail.test',
      port,
      kind: 'k',
      messageId: 'm',
      address: '127.0.0.1',
      bytes: 5,
      outcome: 'sent',
      detail: '',
    },
  ])
})

test.each([
  ['while it is off', { on: false, allowed: {} }, 'mail.test', /switched off/],
  ['to a host that nobody has named', { on: true, allowed: {} }, 'mail.test', /not among the hosts/],
])('opens none %s', async (_, rules, host, message) => {
  const { go, written } = gateWith(rules)
  await expect(go(host)).rejects.toMatchObject({
    code: 'POLICY_REFUSED',
    message: expect.stringMatching(message) as string,
  })
  expect(written).toMatchObject([{ outcome: 'refused', bytes: 0, address: '' }])
  expect(greeted).toEqual([])
})

test('opens none to a name that leads into the own network, unless that was said; one such address is enough', async () => {
  for (const addresses of [['127.0.0.1'], ['203.0.113.7', '10.0.0.1'], ['::ffff:192.168.0.1']]) {
    const { go, written } = gateWith(open(false), addresses)
    await expect(go()).rejects.toMatchObject({
      code: 'POLICY_REFUSED',
      hint: expect.stringContaining('--private') as string,
    })
    expect(written).toMatchObject([{ outcome: 'refused', bytes: 0 }])
  }
  expect(greeted).toEqual([])
})

test('writes down what failed', async () => {
  const { go, written } = gateWith(open(true), ['127.0.0.1'])
  await new Promise((resolve) => server.close(resolve))
  await expect(go()).rejects.toThrow(/ECONNREFUSED/)
  expect(written).toMatchObject([{ outcome: 'failed', bytes: 0 }])
})
