import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { DeliveryRejected } from './delivery.ts'
import { trusting } from './trusted-certificates.ts'

export interface PostOptions {
  readonly url: string
  /** Known to the receiver by it: the same for a repetition. */
  readonly idempotencyKey: string
  /** Signs the body: `X-Maestro-Signature: t=SECONDS,v1=HEX`, an HMAC-SHA256 over `SECONDS.BODY`. */
  readonly signingKey?: string | undefined
  /** Trusted beside those of the system; PEM. */
  readonly certificates?: readonly string[] | undefined
}

/** An answer is read no further: only its status counts. */
const longestAnswer = 64 * 1024
/** Statuses below 500 that may pass: too early, too slow, too many, busy. */
const passing = new Set([408, 409, 423, 425, 429])

/**
 * Posts JSON over a connection that the gate has opened. Redirects are not followed, since they would lead to somebody
 * who was not allowed. Throws DeliveryRejected for an answer that will stay the same.
 */
export async function postJson(socket: Socket, body: unknown, options: PostOptions): Promise<void> {
  const url = new URL(options.url)
  const text = JSON.stringify(body)
  const connection = url.protocol === 'https:' ? await secure(socket, url.hostname, options.certificates) : socket
  const status = await post(connection, url, text, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'user-agent': 'Maestro',
    'idempotency-key': options.idempotencyKey,
    ...(options.signingKey === undefined ? {} : { 'x-maestro-signature': signatureOf(text, options.signingKey) }),
  })
  if (status.code >= 200 && status.code < 300) return
  if (status.code >= 300 && status.code < 400) {
    throw new DeliveryRejected(`it answers with a redirect to ${status.location}, which is not followed`)
  }
  const message = `it answers with the status ${status.code}`
  throw status.code < 500 && !passing.has(status.code) ? new DeliveryRejected(message) : new Error(message)
}

/** What a receiver computes too, over the bytes that it got. */
export function signatureOf(body: string, key: string, seconds = Math.floor(Date.now() / 1000)): string {
  return `t=${seconds},v1=${createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex')}`
}

function post(
  connection: Socket,
  url: URL,
  text: string,
  headers: Record<string, string | number>,
): Promise<{ code: number; location: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => connection,
      host: url.hostname,
      port: portOf(url),
      path: `${url.pathname}${url.search}`,
      method: 'POST',
      headers: { ...headers, host: url.host },
      setHost: false,
    })
    asked.once('error', reject)
    asked.once('response', (answer) => {
      let read = 0
      answer.on('data', (part: Buffer) => {
        read += part.length
        if (read > longestAnswer) answer.destroy()
      })
      answer.once('close', () => resolve({ code: answer.statusCode ?? 0, location: hostOf(answer.headers.location) }))
    })
    asked.end(text)
  })
}

function secure(socket: Socket, hostname: string, certificates: readonly string[] | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, '')
    const secured = connectTls({
      socket,
      ...(isIP(host) === 0 ? { servername: host } : { host }),
      ALPNProtocols: ['http/1.1'],
      ...trusting(certificates),
    })
    secured.once('error', reject)
    secured.once('secureConnect', () => {
      secured.off('error', reject)
      secured.on('error', () => {})
      resolve(secured)
    })
  })
}

/** The port of an address, the usual one included. */
export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

function hostOf(location: string | undefined): string {
  try {
    return new URL(location ?? '').host
  } catch {
    return 'another page'
  }
}
