import { lookup as systemLookup } from 'node:dns/promises'
import type { Socket } from 'node:net'
import { connect as connectTcp, isIP } from 'node:net'
import { MaestroError } from '../../shared/errors.ts'
import { isPrivateAddress } from './private-address.ts'

/** What may be connected to, at this moment. */
export interface EgressRules {
  /** The one switch. */
  isOn(): boolean
  /** A host that an administrator has named; undefined for every other. */
  host(host: string, port: number): { readonly privateAllowed: boolean } | undefined
}

/** Who wants a connection, for the log. */
export interface EgressPurpose {
  /** The name of the destination. */
  readonly destination: string
  readonly host: string
  readonly port: number
  readonly kind: string
  readonly messageId: string
}

/** What became of it. */
export interface EgressRecord extends EgressPurpose {
  /** The address that was connected to; empty where none was. */
  readonly address: string
  /** Written to the network, encryption included. */
  readonly bytes: number
  readonly outcome: 'sent' | 'failed' | 'refused'
  readonly detail: string
}

export interface EgressGate {
  /**
   * Opens the one connection that `work` gets, if the rules allow it, and writes down what became of it, whatever that
   * is. Throws POLICY_REFUSED where they do not, and otherwise what the network or `work` throws.
   */
  through<Result>(purpose: EgressPurpose, work: (socket: Socket) => Promise<Result>): Promise<Result>
}

interface GateOptions {
  readonly rules: EgressRules
  readonly record: (entry: EgressRecord) => void
  /** All addresses of a name. Default: the system's. */
  readonly lookup?: (host: string) => Promise<readonly string[]>
}

/** A server that does not take a connection in this time is not there. */
const connectMs = 15_000
/** From the connection to the answer; nothing that is sent takes longer. */
const workMs = 60_000

/**
 * The one place at which a connection to elsewhere is opened. The name is looked up here, every address is judged, and the
 * connection goes to the address that was judged: what the name leads to a moment later does not matter.
 */
export function createEgressGate({ rules, record, lookup = lookupAll }: GateOptions): EgressGate {
  async function open(purpose: EgressPurpose): Promise<Socket> {
    const { host, port } = purpose
    if (!rules.isOn()) {
      throw new MaestroError(
        'POLICY_REFUSED',
        'Nothing may leave this computer: sending is switched off.',
        'An administrator switches it on: maestro egress on.',
      )
    }
    const rule = rules.host(host, port)
    if (!rule) {
      throw new MaestroError(
        'POLICY_REFUSED',
        `${host}:${port} is not among the hosts that may be connected to.`,
        `An administrator adds it: maestro egress allow ${host}:${port}.`,
        { host, port },
      )
    }
    const addresses = isIP(host) === 0 ? await lookup(host) : [host]
    const hidden = rule.privateAllowed ? undefined : addresses.find(isPrivateAddress)
    if (hidden !== undefined) {
      throw new MaestroError(
        'POLICY_REFUSED',
        `${host} leads to ${hidden}, an address of the own network, which is not allowed for it.`,
        `If that is meant to be so: maestro egress allow ${host}:${port} --private.`,
        { host, port, address: hidden },
      )
    }
    return connectToAny(addresses, port)
  }

  return {
    async through(purpose, work) {
      let socket: Socket | null = null
      // A connection that has ended does not know any more whom it was with.
      let address = ''
      const written = (outcome: EgressRecord['outcome'], detail: string) =>
        record({ ...purpose, address, bytes: socket?.bytesWritten ?? 0, outcome, detail })
      try {
        socket = await open(purpose)
        address = socket.remoteAddress ?? ''
        const result = await withDeadline(work(socket), socket)
        written('sent', '')
        return result
      } catch (error) {
        const isRefused = error instanceof MaestroError && error.code === 'POLICY_REFUSED'
        written(isRefused ? 'refused' : 'failed', firstLine(error))
        throw error
      } finally {
        socket?.destroy()
      }
    },
  }
}

async function lookupAll(host: string): Promise<readonly string[]> {
  return (await systemLookup(host, { all: true })).map(({ address }) => address)
}

/** The first address that answers. Throws what the last one said. */
async function connectToAny(addresses: readonly string[], port: number): Promise<Socket> {
  let last: unknown = new Error('the name leads to no address')
  for (const address of addresses) {
    try {
      return await connect(address, port)
    } catch (error) {
      last = error
    }
  }
  throw last
}

function connect(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port })
    const timer = setTimeout(() => socket.destroy(new Error(`${host}:${port} does not answer`)), connectMs)
    socket.once('error', reject)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', reject)
      // Whoever uses it listens too; an error after that must not end the process.
      socket.on('error', () => {})
      resolve(socket)
    })
    socket.once('close', () => clearTimeout(timer))
  })
}

async function withDeadline<Result>(work: Promise<Result>, socket: Socket): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${workMs / 1000} seconds`))
      socket.destroy()
    }, workMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n')[0] ?? '').slice(0, 500)
}
