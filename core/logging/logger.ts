import type { Logger } from 'pino'
import { pino, stdTimeFunctions } from 'pino'
import { openRotatingFile } from './rotating-file.ts'

export interface HostLogger {
  readonly logger: Logger
  close(): void
}

/** Never written, wherever in a line they appear. */
const secrets = ['token', '*.token', 'cookie', '*.cookie', 'authorization', '*.authorization', 'password', '*.password']

/** The host's log: JSON lines in logs/maestro.log. `MAESTRO_LOG` sets the level; default info. */
export function openLogger(folder: string): HostLogger {
  const file = openRotatingFile(folder, { name: 'maestro.log' })
  const level = process.env.MAESTRO_LOG ?? 'info'
  const logger = pino(
    { level, base: { pid: process.pid }, timestamp: stdTimeFunctions.isoTime, redact: { paths: secrets, censor: '…' } },
    file,
  )
  return { logger, close: file.close }
}
