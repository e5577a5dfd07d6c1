import { newestOperatorSets, operatorLines, typeNames, typeSets } from './operator-schemas.ts'

/** What the standard says of one operator from one operator set on. */
export interface OperatorSchema {
  readonly since: number
  /** No longer part of the standard from this set on. */
  readonly withdrawn: boolean
  readonly inputs: Arity
  readonly outputs: Arity
  /** Kind of each attribute (`attributeKinds`), and whether it must be there. */
  readonly attributes: ReadonlyMap<string, { readonly kind: number; readonly required: boolean }>
  readonly inputTypes: readonly TypeToken[]
  readonly outputTypes: readonly TypeToken[]
  /** Types that each variable may stand for. */
  readonly constraints: ReadonlyMap<string, ReadonlySet<string>>
}

interface Arity {
  readonly least: number
  readonly most: number
}

/** A variable (`T`) or a fixed set of types; `repeats` for the last one of a list: the same for all, or each for itself. */
export interface TypeToken {
  readonly variable: string | null
  readonly types: ReadonlySet<string> | null
  readonly repeats: 'no' | 'same' | 'any'
}

const newestVersions: ReadonlyMap<string, number> = new Map(Object.entries(newestOperatorSets))

let known: ReadonlyMap<string, readonly OperatorSchema[]> | null = null

/** The newest operator set of a domain that is known here; undefined for domains that the standard does not have. */
export function newestOperatorSet(domain: string): number | undefined {
  return newestVersions.get(domain)
}

/** The operator as of an operator set; null where that set has no such operator. */
export function operatorSchema(domain: string, operator: string, version: number): OperatorSchema | null {
  known ??= parseSchemas()
  const all = known.get(`${domain}|${operator}`)
  const schema = all?.findLast(({ since }) => since <= version)
  return schema === undefined || schema.withdrawn ? null : schema
}

/** Those of a run like 3-5, or of one number. */
function namesOf(run: string, names: readonly string[]): string[] {
  const [first, last = first] = run.split('-').map(Number)
  return names.slice(first, Number(last) + 1)
}

function parseSchemas(): ReadonlyMap<string, readonly OperatorSchema[]> {
  const names = typeNames.split('\n')
  const sets = typeSets.split('\n').map((line) => new Set(line.split(' ').flatMap((run) => namesOf(run, names))))
  const schemas = new Map<string, OperatorSchema[]>()
  let above: readonly string[] = []
  for (const line of operatorLines.split('\n')) {
    const fields = line.split('|').map((field, index) => (field === '^' ? (above[index] as string) : field))
    above = fields
    const [domain, operator, ...rest] = fields
    const key = `${domain}|${operator}`
    const versions = schemas.get(key) ?? []
    schemas.set(key, versions)
    versions.push(parseSchema(rest, sets))
  }
  return schemas
}

function parseSchema(parts: readonly string[], sets: readonly ReadonlySet<string>[]): OperatorSchema {
  const [since = '', inputs = '', outputs = '', inputTypes = '', outputTypes = '', attributes = '', constraints = ''] =
    parts
  const list = (text: string) => (text === '' ? [] : text.split(','))
  return {
    since: Number.parseInt(since, 10),
    withdrawn: since.endsWith('x'),
    inputs: parseArity(inputs),
    outputs: parseArity(outputs),
    attributes: new Map(
      list(attributes).map((text) => {
        const [name = '', kind = ''] = text.split(':')
        return [name, { kind: Number.parseInt(kind, 10), required: kind.endsWith('!') }]
      }),
    ),
    inputTypes: list(inputTypes).map((text) => parseToken(text, sets)),
    outputTypes: list(outputTypes).map((text) => parseToken(text, sets)),
    constraints: new Map(
      list(constraints).map((text) => {
        const [name = '', set = ''] = text.split('=')
        return [name, sets[Number(set)] as ReadonlySet<string>]
      }),
    ),
  }
}

function parseArity(text: string): Arity {
  const [least = '0', most = ''] = text.split('-')
  return { least: Number(least), most: most === '' ? Number.POSITIVE_INFINITY : Number(most) }
}

function parseToken(text: string, sets: readonly ReadonlySet<string>[]): TypeToken {
  const repeats = text.endsWith('**') ? 'any' : text.endsWith('*') ? 'same' : 'no'
  const name = text.replaceAll('*', '')
  return name.startsWith('#')
    ? { variable: null, types: sets[Number(name.slice(1))] as ReadonlySet<string>, repeats }
    : { variable: name, types: null, repeats }
}
