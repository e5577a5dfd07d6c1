import { createHash } from 'node:crypto'
import * as z from 'zod'
import { statementType } from '../in-toto.ts'
import { parseStrictJson } from '../strict-json.ts'
import { Refusal } from './refusal.ts'

export const predicateType = 'https://model_signing/signature/v1.0'

/** A file, or a part of one, and the digest (hexadecimal) that it has to have. */
export interface Resource {
  readonly path: string
  /** Null for a whole file; else bytes from `start` up to `end`, exclusive. */
  readonly part: { readonly start: number; readonly end: number } | null
  readonly digest: string
}

export interface SignedManifest {
  /** Bytes of a part; null where files are signed whole. */
  readonly partSize: number | null
  /** Paths that were left out when it was signed. */
  readonly ignored: readonly string[]
  readonly allowsLinks: boolean
  readonly resources: readonly Resource[]
}

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest has 64 hexadecimal digits in lower case')

const statement = z.object({
  _type: z.literal(statementType),
  predicateType: z.literal(predicateType),
  subject: z.array(z.object({ name: z.string().optional(), digest: z.strictObject({ sha256: digest }) })).length(1),
  predicate: z.object({
    serialization: z.object({
      method: z.enum(['files', 'shards']),
      hash_type: z.literal('sha256', 'only SHA-256 is supported'),
      allow_symlinks: z.boolean().default(false),
      ignore_paths: z.array(z.string()).default([]),
      shard_size: z.number().int().min(1).optional(),
    }),
    resources: z.array(z.object({ name: z.string(), digest, algorithm: z.string() })),
  }),
})

/** What was signed, checked in itself: names in normal form, nothing twice, the root digest that of the list. Throws Refusal. */
export function readManifest(payload: Uint8Array): SignedManifest {
  let content: unknown
  try {
    content = parseStrictJson(payload)
  } catch (error) {
    throw new Refusal('PAYLOAD', `the signed content cannot be read: ${(error as Error).message.slice(0, 200)}`)
  }
  const parsed = statement.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Refusal(
      'PAYLOAD',
      `the signed content has a fault at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? ''}`,
    )
  }
  const { subject, predicate } = parsed.data
  const { method, ignore_paths: ignored, allow_symlinks: allowsLinks, shard_size: size } = predicate.serialization
  if ((method === 'shards') !== (size !== undefined))
    throw new Refusal('PAYLOAD', 'the signed content says both or neither of parts and their size')
  const partSize = size ?? null
  const algorithm = partSize === null ? 'sha256' : `sha256-sharded-${partSize}`
  const seen = new Set<string>()
  const root = createHash('sha256')
  const resources = predicate.resources.map((resource) => {
    if (resource.algorithm !== algorithm)
      throw new Refusal('PAYLOAD', `a digest is called ${resource.algorithm}, not ${algorithm}`, resource.name)
    if (seen.has(resource.name)) throw new Refusal('PAYLOAD', 'a name is listed twice', resource.name)
    seen.add(resource.name)
    root.update(resource.digest, 'hex')
    return readResource(resource.name, resource.digest, partSize)
  })
  if (root.digest('hex') !== subject[0]?.digest.sha256)
    throw new Refusal('PAYLOAD', 'the root digest is not that of the listed files')
  for (const path of ignored) assertNormal(path)
  return { partSize, ignored, allowsLinks, resources }
}

function readResource(name: string, hex: string, partSize: number | null): Resource {
  if (partSize === null) {
    // A model that is one file is called so; in a folder nothing has this name.
    if (name !== '.') assertNormal(name)
    return { path: name, part: null, digest: hex }
  }
  const [, path, from, to] = /^(.*):(0|[1-9]\d{0,15}):([1-9]\d{0,15})$/s.exec(name) ?? []
  if (path === undefined) throw new Refusal('PAYLOAD', 'a part of a file has to be named path:start:end', name)
  assertNormal(path)
  const [start, end] = [Number(from), Number(to)]
  if (start % partSize !== 0 || end <= start || end - start > partSize)
    throw new Refusal('PAYLOAD', 'a part of a file has another size than was signed', name)
  return { path, part: { start, end }, digest: hex }
}

/** Relative, with /, and only one way to write it. Anything else might lead out of the folder, or hide all of it. Throws Refusal. */
export function assertNormal(path: string): void {
  const isNormal =
    path.isWellFormed() &&
    !path.includes('\0') &&
    !path.includes('\\') &&
    path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')
  if (!isNormal) throw new Refusal('PATH', 'a path is not relative and in normal form', path)
}
