import * as z from 'zod'
import { notificationKinds } from './notifications.ts'
import { id, name, timestamp } from './values.ts'

/** A host as it is connected to: a name, or an address (IPv6 without brackets). */
const hostName = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9._:-]+$/, 'a host is a name such as mail.example.org, or an address')
const port = z.int().min(1).max(65_535)
const address = z.email().max(320)

/** A host that may be connected to. */
export const egressHost = z.object({
  host: hostName,
  port,
  /** Whether its name may lead to an address of the own network or machine. */
  privateAllowed: z.boolean(),
  actor: z.string(),
  createdAt: timestamp,
})

const kinds = z.array(z.enum(notificationKinds)).max(notificationKinds.length)

/** What every destination has. */
const common = {
  name,
  /** Which notices are sent there. */
  kinds,
  /** Whether comments, reasons and messages go along. Without: only what happened, to which version, and by whom. */
  includesText: z.boolean().default(false),
  /** Certificates (PEM) to trust beside those of the system, for servers with a certificate of the own house. */
  certificates: z.string().max(100_000).optional(),
}

/** How a mail server is spoken to. `none` is in clear, and only allowed within the own network. */
export const mailSecurity = z.enum(['starttls', 'tls', 'none'])

export const destinationOptions = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('email'),
    ...common,
    host: hostName,
    port,
    security: mailSecurity.default('starttls'),
    /** Absent for a server that takes mail without. The password is a secret. */
    user: z.string().max(320).optional(),
    from: address,
    to: z.array(address).min(1).max(50),
  }),
  /** The address of a Slack-compatible incoming webhook is a secret itself. */
  z.strictObject({ kind: z.literal('slack'), ...common }),
  z.strictObject({ kind: z.literal('webhook'), ...common, url: z.url({ protocol: /^https?$/ }).max(2_000) }),
])

/** Where a destination's secret is kept, as for signing keys. */
export const keepSecret = z.discriminatedUnion('store', [
  z.object({ store: z.literal('keychain') }),
  z.object({
    store: z.literal('passphrase'),
    passphrase: z.string().min(12, 'a passphrase has 12 characters or more').max(1_000),
  }),
])

export const destination = z.object({
  id,
  kind: z.enum(['email', 'slack', 'webhook']),
  enabled: z.boolean(),
  host: z.string(),
  port: z.int(),
  /** Whether host and port are among those that may be connected to. */
  allowed: z.boolean(),
  options: destinationOptions,
  secret: z.enum(['none', 'keychain', 'passphrase']),
  /** Its secret is under a passphrase that was not given since Maestro was opened. */
  locked: z.boolean(),
  waiting: z.int(),
  dead: z.int(),
  /** Until when it is left alone after failing several times; null where it is not. */
  pausedUntil: timestamp.nullable(),
})

export const egressStatus = z.object({
  /** Whether anything may leave at all. */
  on: z.boolean(),
  hosts: z.array(egressHost),
  destinations: z.array(destination),
  waiting: z.int(),
  dead: z.int(),
})

export const outboxMessage = z.object({
  id,
  destination: z.string(),
  kind: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'sent', 'dead']),
  attempts: z.int(),
  nextAt: timestamp,
  error: z.string(),
  createdAt: timestamp,
})

/** One connection that was opened, or refused. */
export const egressEntry = z.object({
  id: z.int(),
  time: timestamp,
  destination: z.string(),
  host: z.string(),
  port: z.int(),
  /** The address that was connected to; empty where none was. */
  address: z.string(),
  kind: z.string(),
  messageId: z.string(),
  /** Written to the network, encryption included. */
  bytes: z.int(),
  outcome: z.enum(['sent', 'failed', 'refused']),
  detail: z.string(),
})

export type EgressHost = z.infer<typeof egressHost>
export type DestinationOptions = z.infer<typeof destinationOptions>
export type Destination = z.infer<typeof destination>
export type EgressStatus = z.infer<typeof egressStatus>
export type EgressEntry = z.infer<typeof egressEntry>
export type OutboxMessage = z.infer<typeof outboxMessage>
export { hostName, port as portNumber }
