import * as z from 'zod'
import {
  destination,
  destinationOptions,
  egressEntry,
  egressHost,
  egressStatus,
  hostName,
  keepSecret,
  outboxMessage,
  portNumber,
} from '../domain/egress.ts'
import { id } from '../domain/values.ts'
import { command, query } from './base.ts'

const byName = z.object({ name: z.string().min(1).max(200) })
const one = z.object({ destination })
const place = z.object({ host: hostName, port: portNumber })
const secret = z.string().min(1).max(4_000)

/** What may leave the machine, where to, and what has. */
export const egressContract = {
  egress: {
    status: query('egress:read', '/egress').output(egressStatus),
    /** Newest first. */
    log: query('egress:read', '/egress/log')
      .input(
        z.object({ limit: z.int().min(1).max(5_000).default(200), before: z.int().min(1).optional() }).prefault({}),
      )
      .output(z.object({ entries: z.array(egressEntry), total: z.int() })),
    outbox: query('egress:read', '/egress/outbox').output(z.object({ messages: z.array(outboxMessage) })),
    /** The one switch for everything. */
    switch: command('egress:manage', '/egress/switch')
      .input(z.object({ on: z.boolean() }))
      .output(egressStatus),
    allow: command('egress:manage', '/egress/allow')
      .input(place.extend({ privateAllowed: z.boolean().default(false) }))
      .output(z.object({ host: egressHost })),
    disallow: command('egress:manage', '/egress/disallow').input(place).output(egressStatus),
    /** Makes a destination, or changes the one of that name. Without a secret the one it has stays. */
    save: command('egress:manage', '/egress/destinations')
      .input(
        z.object({
          destination: destinationOptions,
          enabled: z.boolean().default(true),
          secret: secret.optional(),
          keep: keepSecret.default({ store: 'keychain' }),
        }),
      )
      .output(one),
    enable: command('egress:manage', '/egress/destinations/enable')
      .input(byName.extend({ enabled: z.boolean() }))
      .output(one),
    remove: command('egress:manage', '/egress/destinations/remove').input(byName).output(egressStatus),
    /** Sends a message that says that it is a trial, now, and tells how that went. */
    test: command('egress:manage', '/egress/destinations/test')
      .input(byName)
      .output(z.object({ entry: egressEntry })),
    /** Opens secrets that are kept under this passphrase, until Maestro is closed. */
    unlock: command('egress:manage', '/egress/unlock')
      .input(z.object({ passphrase: z.string().min(1).max(1_000) }))
      .output(egressStatus),
    /** Tries everything that waits now, whatever its time; and with `dead` what was given up. */
    send: command('egress:manage', '/egress/send')
      .input(z.object({ dead: z.boolean().default(false), ids: z.array(id).max(500).optional() }))
      .output(z.object({ sent: z.int(), failed: z.int(), waiting: z.int(), dead: z.int() })),
  },
}
