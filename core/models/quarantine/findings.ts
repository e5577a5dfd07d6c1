import type { QuarantineFinding } from '../../../shared/domain/quarantine.ts'

/** What a person can take in; a broken file of a million nodes would say the same thing a million times. */
const mostFindings = 100

/** Gathers what the checks find. */
export interface Findings {
  error(code: QuarantineFinding['code'], message: string, where?: string): void
  note(severity: 'warning' | 'info', code: QuarantineFinding['code'], message: string, where?: string): void
  /** Whether anything was found that rejects the file. */
  readonly rejected: boolean
  readonly list: readonly QuarantineFinding[]
}

export function createFindings(): Findings {
  const list: QuarantineFinding[] = []
  let rejected = false
  const add = (finding: QuarantineFinding) => {
    if (list.length < mostFindings) list.push(finding)
  }
  return {
    error(code, message, where = '') {
      rejected = true
      add({ code, severity: 'error', message, where })
    },
    note(severity, code, message, where = '') {
      add({ code, severity, message, where })
    },
    get rejected() {
      return rejected
    },
    list,
  }
}

const longestName = 80

/** A name out of a foreign file as text that does nothing: no line breaks, no terminal codes, no marks that turn text round. */
export function shownName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�')
  return plain.length > longestName ? `${plain.slice(0, longestName)}…` : plain
}
