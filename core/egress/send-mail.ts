import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import type { Delivery } from './delivery.ts'
import { DeliveryRejected } from './delivery.ts'
import { trusting } from './trusted-certificates.ts'

/** How a mail server is spoken to, and as whom. */
export interface MailOptions {
  readonly host: string
  readonly port: number
  /** `starttls` and `tls` both refuse to go on unencrypted. */
  readonly security: 'starttls' | 'tls' | 'none'
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly from: string
  readonly to: readonly string[]
  /** Trusted beside those of the system; PEM. */
  readonly certificates?: readonly string[] | undefined
}

/**
 * Sends one mail over a connection that the gate has opened. A repetition has the same Message-ID. Throws DeliveryRejected
 * for an answer of 5xx, or a server that offers no encryption where it is asked for.
 */
export async function sendMail(socket: Socket, options: MailOptions, delivery: Delivery): Promise<void> {
  const { host, port, security, user, password, certificates } = options
  // Loaded when first needed: sending is off by default, and every command would wait for it.
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { ...(isIP(host) === 0 ? { servername: host } : { host }), ...trusting(certificates) },
    // Its own name is nobody's business.
    name: 'maestro.invalid',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options: unknown, answer: (error: Error | null, found: { connection: Socket }) => void) =>
      answer(null, { connection: socket }),
  } as Parameters<typeof createTransport>[0])
  try {
    await transport.sendMail({
      from: options.from,
      to: [...options.to],
      subject: `Maestro: ${delivery.title}`,
      text: mailText(delivery),
      messageId: `<${delivery.id}@maestro.invalid>`,
      date: new Date(delivery.time),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Maestro-Kind': delivery.kind },
    })
  } catch (error) {
    throw asRejection(error)
  } finally {
    transport.close()
  }
}

function mailText({ title, text, href, time }: Delivery): string {
  return [title, ...(text === '' ? [] : ['', text]), '', `In Maestro: ${href}`, time, ''].join('\n')
}

/** Codes with which the library says that the settings are at fault, so that trying again would not help. */
const settingsAtFault = new Set(['EAUTH', 'ENOAUTH', 'EENVELOPE'])

function asRejection(error: unknown): unknown {
  const { responseCode, code, message } = error as { responseCode?: number; code?: string; message?: string }
  const isFinal = responseCode === undefined ? settingsAtFault.has(code ?? '') : responseCode >= 500
  return isFinal ? new DeliveryRejected(message ?? 'the mail server has refused it') : error
}
