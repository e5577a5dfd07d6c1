import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Who came in by a link of ours. Kept in memory: with the host they end. */
export interface Sessions {
  /** A token for one link; it works once. */
  newToken(): string
  /** The cookie for who brings a token that has not been used; null otherwise. */
  exchange(token: string, port: number): string | null
  isKnown(request: IncomingMessage): boolean
}

export function createSessions(): Sessions {
  const tokens = new Set<string>()
  const sessions = new Set<string>()
  return {
    newToken() {
      const token = randomBytes(24).toString('base64url')
      tokens.add(token)
      return token
    },
    exchange(token, port) {
      if (!tokens.delete(token)) return null
      const session = randomBytes(32).toString('base64url')
      sessions.add(session)
      // Cookies do not know ports: the name keeps two hosts on one machine apart.
      return `${cookieName(port)}=${session}; Path=/; HttpOnly; SameSite=Strict`
    },
    isKnown(request) {
      const values = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
      return values.some(
        ([name, value]) => name?.startsWith(cookiePrefix) && value !== undefined && sessions.has(value),
      )
    },
  }
}

const cookiePrefix = 'maestro-session-'
const cookieName = (port: number): string => `${cookiePrefix}${port}`
