import { parseDocument } from 'yaml'
import * as z from 'zod'
import type { Policy } from '../../../shared/domain/policy.ts'
import { defaultPolicy, policy as policySchema } from '../../../shared/domain/policy.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { closestName } from '../../automl/closest-name.ts'
import { digestOfBytes } from '../../blobs/blob-store.ts'
import type { ServiceContext } from '../service-context.ts'

export interface PolicyInForce {
  readonly policy: Policy
  /** Of `serialisePolicy`. */
  readonly digest: string
  /** Null for the one that ships. */
  readonly setBy: string | null
  readonly setAt: string | null
}

/** A policy file is read whole; a real one has a few hundred lines. */
const largestFile = 256 * 1024

/** The rules about who must agree to what. Every policy that was ever set is kept. */
export function createPolicyService({ database, assertWritable, changed }: ServiceContext) {
  const { sqlite } = database
  const selectLast = sqlite.prepare<[], { digest: string; document: string; actor: string; createdAt: string }>(
    'SELECT digest, document, actor, created_at AS createdAt FROM policy_version ORDER BY id DESC LIMIT 1',
  )
  const insert = sqlite.prepare('INSERT INTO policy_version (digest, document, actor, created_at) VALUES (?, ?, ?, ?)')

  function inForce(): PolicyInForce {
    const last = selectLast.get()
    if (!last) {
      const digest = digestOfBytes(Buffer.from(serialisePolicy(defaultPolicy)))
      return { policy: defaultPolicy, digest, setBy: null, setAt: null }
    }
    const parsed = policySchema.parse(JSON.parse(last.document))
    return { policy: parsed, digest: last.digest, setBy: last.actor, setAt: last.createdAt }
  }

  return {
    inForce,
    /** From the text of a YAML or JSON file. Throws INPUT_INVALID naming what does not fit. */
    set(text: string, actor: string): PolicyInForce {
      assertWritable()
      const document = serialisePolicy(parsePolicy(text))
      insert.run(digestOfBytes(Buffer.from(document)), document, actor, new Date().toISOString())
      changed({ topic: 'approvals', id: null })
      return inForce()
    },
  }
}

export type PolicyService = ReturnType<typeof createPolicyService>

/** The text that a policy's digest is of. */
export function serialisePolicy(policy: Policy): string {
  return JSON.stringify(policy)
}

/** Reads a policy from YAML, of which JSON is a part. Throws INPUT_INVALID. */
export function parsePolicy(text: string): Policy {
  if (text.length > largestFile) throw invalid([`it has more than ${largestFile} characters`])
  const document = parseDocument(text, { uniqueKeys: true })
  if (document.errors.length > 0)
    throw invalid(document.errors.map(({ message }) => (message.split('\n')[0] ?? '').replace(/:$/, '')))
  const parsed = policySchema.safeParse(plainValue(document))
  if (!parsed.success)
    throw invalid(parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path) || 'the file'}: ${message}`))
  const misspelt = misspeltEvidence(parsed.data)
  if (misspelt.length > 0) throw invalid(misspelt)
  return parsed.data
}

/** What Maestro itself puts with a version. Others may add kinds of their own, so an unknown word alone is no mistake. */
const ownEvidence = [
  'parity',
  'native-parity',
  'performance',
  'explanation',
  'importance',
  'inspections',
  'profile',
  'card',
  'recipe',
  'quarantine',
]

/** Words that no version would ever have, and that are nearly one that it has: nothing could be submitted any more. */
function misspeltEvidence({ tiers }: Policy): string[] {
  return Object.entries(tiers).flatMap(([tier, { evidence }]) =>
    evidence
      .flatMap((kinds) => kinds.split(' or '))
      .flatMap((kind) => {
        const meant = ownEvidence.includes(kind) ? null : closestName(kind, ownEvidence)
        return meant === null ? [] : [`tiers.${tier}.evidence: ${kind} is no evidence; ${meant} is`]
      }),
  )
}

/** Without aliases (`*name`): a few lines of them can stand for a document of any size. */
function plainValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    throw invalid([(error as Error).message])
  }
}

function invalid(problems: readonly string[]): MaestroError {
  return new MaestroError(
    'INPUT_INVALID',
    `The policy cannot be used: ${problems.slice(0, 3).join('; ')}.`,
    'Nothing was changed. maestro policy show prints the one in force, to start from.',
    { problems },
  )
}
