import type {
  Destination,
  DestinationOptions,
  EgressEntry,
  EgressHost,
  EgressStatus,
} from '../../../shared/domain/egress.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { EgressRecord } from '../../egress/egress-gate.ts'
import { createEgressGate } from '../../egress/egress-gate.ts'
import { portOf } from '../../egress/post-json.ts'
import type { KeyStore } from '../../secrets/key-store.ts'
import { newId } from '../../storage/ids.ts'
import type { Notice } from '../notifications/notification-rows.ts'
import type { Actor, ServiceContext } from '../service-context.ts'
import { certificatesOf, deliver } from './deliver.ts'
import { createDeliverer } from './deliverer.ts'
import type { DestinationRow } from './destination-rows.ts'
import { createDestinationRows } from './destination-rows.ts'
import { createDestinationSecrets } from './destination-secrets.ts'
import { createEgressRows } from './egress-rows.ts'
import { createOutboxRows } from './outbox-rows.ts'

export interface SaveDestination {
  readonly destination: DestinationOptions
  readonly enabled: boolean
  /** Without one the secret it has stays. */
  readonly secret?: string | undefined
  readonly keep: Parameters<KeyStore['save']>[2]
}

/** What may leave the machine, where to, what waits to leave, and what has left. Nothing does unless it was switched on. */
export function createEgressService(
  context: Pick<ServiceContext, 'database' | 'changed' | 'assertWritable' | 'logger'>,
  keyStore: KeyStore,
  isWritable: () => boolean,
) {
  const { database, assertWritable } = context
  const rows = createEgressRows(database.sqlite)
  const destinations = createDestinationRows(database.sqlite)
  const outbox = createOutboxRows(database.sqlite)
  const secrets = createDestinationSecrets(keyStore)
  const changed = () => context.changed({ topic: 'egress', id: null })

  let lastEntry = 0
  const record = (entry: EgressRecord) => {
    lastEntry = rows.insertEntry(entry, new Date().toISOString())
    changed()
  }
  const gate = createEgressGate({ rules: { isOn: rows.isOn, host: rows.host }, record })
  const deliverer = createDeliverer({
    outbox,
    destination: destinations.byId,
    send: (destination, { id, kind, title, text, href, createdAt }) =>
      deliver(gate, secrets, destination, { id, kind, title, text, href, time: createdAt }),
    isOpen: () => rows.isOn() && isWritable(),
    changed,
  })

  function named(name: string): DestinationRow {
    const row = destinations.byName(name)
    if (row) return row
    throw new MaestroError('NOT_FOUND', `There is no destination ${name}.`, 'maestro egress status lists them.', {
      name,
    })
  }

  function describe(row: DestinationRow, counts = outbox.counts()): Destination {
    const counted = counts.find(({ destinationId }) => destinationId === row.id)
    return {
      id: row.id,
      kind: row.kind,
      enabled: row.enabled,
      host: row.host,
      port: row.port,
      allowed: rows.host(row.host, row.port) !== undefined,
      options: row.options,
      secret: row.secret?.store ?? 'none',
      locked: secrets.isLocked(row),
      waiting: counted?.waiting ?? 0,
      dead: counted?.dead ?? 0,
      pausedUntil: deliverer.pausedUntil(row.id),
    }
  }

  function status(): EgressStatus {
    const counted = outbox.counts()
    return {
      on: rows.isOn(),
      hosts: rows.hosts(),
      destinations: destinations.all().map((row) => describe(row, counted)),
      waiting: counted.reduce((sum, { waiting }) => sum + waiting, 0),
      dead: counted.reduce((sum, { dead }) => sum + dead, 0),
    }
  }

  /** Looks at the outbox, without anybody waiting for it. */
  function hurry(): void {
    setImmediate(() => {
      deliverer
        .deliverDue()
        .catch((error: unknown) => context.logger.error({ err: error }, 'the outbox could not be sent'))
    })
  }

  /** An address in clear, or without a host of its own, is only for the own network. */
  function assertAllowed(place: { readonly host: string; readonly port: number }, isClear: boolean): void {
    const rule = rows.host(place.host, place.port)
    const where = `${place.host}:${place.port}`
    if (!rule)
      throw new MaestroError(
        'POLICY_REFUSED',
        `${where} is not among the hosts that may be connected to.`,
        `Add it first: maestro egress allow ${where} (with --private for a server of the own network).`,
        place,
      )
    if (isClear && !rule.privateAllowed)
      throw new MaestroError(
        'POLICY_REFUSED',
        `Without encryption nothing is sent to ${where}: it may be outside of the own network.`,
        `Use https, or TLS; or, for a server of the own network, maestro egress allow ${where} --private.`,
        place,
      )
  }

  const service = {
    status,
    log: (limit: number, before: number | undefined): { entries: EgressEntry[]; total: number } => ({
      entries: rows.entries(limit, before),
      total: rows.countEntries(),
    }),
    outbox: () => ({ messages: outbox.list() }),

    switch(on: boolean): EgressStatus {
      assertWritable()
      database.transaction(() => rows.setOn(on))
      changed()
      if (on) hurry()
      return status()
    },

    allow(place: Pick<EgressHost, 'host' | 'port' | 'privateAllowed'>, actor: Actor): { host: EgressHost } {
      assertWritable()
      const host = { ...place, actor: actor.name, createdAt: new Date().toISOString() }
      database.transaction(() => rows.allow(host))
      changed()
      return { host }
    },

    disallow({ host, port }: { readonly host: string; readonly port: number }): EgressStatus {
      assertWritable()
      if (!database.transaction(() => rows.disallow(host, port)))
        throw new MaestroError(
          'NOT_FOUND',
          `${host}:${port} is not among the hosts.`,
          'maestro egress status lists them.',
        )
      changed()
      return status()
    },

    async save(
      { destination, enabled, secret, keep }: SaveDestination,
      actor: Actor,
    ): Promise<{ destination: Destination }> {
      assertWritable()
      certificatesOf(destination.certificates)
      const before = destinations.byName(destination.name)
      const id = before?.id ?? newId()
      const place = placeOf(destination, secret, before)
      assertAllowed(place, place.isClear)
      const stored = secret === undefined ? (before?.secret ?? null) : await secrets.save(id, secret, keep)
      const { host, port } = place
      const row: DestinationRow = {
        id,
        name: destination.name,
        kind: destination.kind,
        enabled,
        host,
        port,
        options: destination,
        secret: stored,
      }
      database.transaction(() => destinations.save(row, actor.name))
      deliverer.reset()
      changed()
      hurry()
      return { destination: describe(row) }
    },

    enable(name: string, enabled: boolean, actor: Actor): { destination: Destination } {
      assertWritable()
      const row = { ...named(name), enabled }
      database.transaction(() => destinations.save(row, actor.name))
      changed()
      if (enabled) hurry()
      return { destination: describe(row) }
    },

    /** With what waits for it. What has left stays in the log. */
    async remove(name: string): Promise<EgressStatus> {
      assertWritable()
      const row = named(name)
      database.transaction(() => destinations.remove(row.id))
      await secrets.forget(row)
      changed()
      return status()
    },

    /** One trial message, now. What the network or the receiver says is in the entry; throws only where there was no attempt. */
    async test(name: string, actor: Actor): Promise<{ entry: EgressEntry }> {
      assertWritable()
      const row = named(name)
      const before = lastEntry
      try {
        await deliver(gate, secrets, row, {
          id: newId(),
          kind: 'test',
          title: `A trial message, sent by ${actor.name}`,
          text: 'If you can read this, notifications arrive here.',
          href: '/settings/notifications',
          time: new Date().toISOString(),
        })
      } catch (error) {
        if (lastEntry === before) throw error
      }
      const [entry] = rows.entries(1)
      if (!entry) throw new MaestroError('INTERNAL', 'The attempt was not written down.')
      return { entry }
    },

    async unlock(passphrase: string): Promise<EgressStatus> {
      assertWritable()
      await secrets.unlock(destinations.all(), passphrase)
      outbox.hurry(new Date().toISOString())
      changed()
      hurry()
      return status()
    },

    /** Tries what waits now, and what was given up where that is asked for. Throws POLICY_REFUSED while sending is off. */
    async send({ dead, ids }: { readonly dead: boolean; readonly ids?: readonly string[] | undefined }) {
      assertWritable()
      if (!rows.isOn())
        throw new MaestroError('POLICY_REFUSED', 'Sending is switched off.', 'maestro egress on switches it on.')
      database.transaction(() => {
        const now = new Date().toISOString()
        for (const id of ids ?? []) outbox.revive(now, id)
        if (dead) outbox.revive(now)
        outbox.hurry(now)
      })
      deliverer.reset()
      const done = await deliverer.deliverDue()
      const { waiting, dead: left } = status()
      return { ...done, waiting, dead: left }
    },

    /** Puts a notice into the outbox for every destination that wants its kind, in the transaction that is open. */
    forward(notice: Notice): void {
      if (!rows.isOn()) return
      const now = new Date().toISOString()
      const wanted = destinations.all().filter(({ enabled, options }) => enabled && options.kinds.includes(notice.kind))
      for (const { id } of wanted) outbox.insert(newId(), id, notice, now)
      if (wanted.length > 0) hurry()
    },

    /** For the clock: sends what has become due. */
    deliverDue: hurry,
    close: (patienceMs: number) => deliverer.close(patienceMs),
  }
  return service
}

export type EgressService = ReturnType<typeof createEgressService>

/** Where a destination is, and whether it would be spoken to in clear. */
function placeOf(
  destination: DestinationOptions,
  secret: string | undefined,
  before: DestinationRow | undefined,
): { readonly host: string; readonly port: number; readonly isClear: boolean } {
  if (destination.kind === 'email') {
    const { host, port, security } = destination
    return { host, port, isClear: security === 'none' }
  }
  if (destination.kind === 'webhook') return placeOfUrl(destination.url)
  if (secret !== undefined) return placeOfUrl(secret)
  if (before?.kind === 'slack') return { host: before.host, port: before.port, isClear: false }
  throw new MaestroError(
    'INPUT_INVALID',
    'The address of the webhook is missing.',
    'Give it as the secret: whoever has it can post there.',
  )
}

function placeOfUrl(text: string) {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new MaestroError(
      'INPUT_INVALID',
      'The address of the webhook cannot be used.',
      'It begins with https:// and has no user name in it.',
    )
  return {
    host: url.hostname.toLowerCase().replace(/^\[|\]$/g, ''),
    port: portOf(url),
    isClear: url.protocol === 'http:',
  }
}
