import { MaestroError } from '../../shared/errors.ts'

/** A condition as SQL with its values, over the tables of a scope. */
export interface Condition {
  readonly sql: string
  readonly values: readonly (string | number)[]
}

type Token =
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  | { readonly kind: 'text' | 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'operator' | 'punctuation'; readonly text: string; readonly at: number }

/** What a value is compared with. Of a set, whose SQL selects `item`, any item may be the one that is looked for. */
type ValueKind = 'text' | 'time' | 'number' | 'set'

/** What can be filtered: the names that a filter may use, and where their values lie. */
export interface FilterScope {
  /** What to write, with an example; shown with every refusal. */
  readonly hint: string
  /** Values of a row itself, by name. Times are ISO 8601, and may be compared with MLflow's milliseconds too. */
  readonly attributes: ReadonlyMap<string, { readonly sql: string; readonly kind: ValueKind }>
  /** Further words before the dot that stand for `attributes`, such as `run`. */
  readonly attributeWords: readonly string[]
  /** The value of a key that stands where the question mark is. */
  readonly metric: string
  readonly param: string
  readonly tag: string
  /** Puts rows that an order does not tell apart into one. */
  readonly lastOrder: readonly string[]
}

/** What is being read. */
interface Source {
  readonly scope: FilterScope
  readonly filter: string
  readonly tokens: readonly Token[]
}

function refuse(message: string, { filter, scope }: Pick<Source, 'filter' | 'scope'>, at: number): MaestroError {
  return new MaestroError(
    'INPUT_INVALID',
    `The filter cannot be read: ${message} at character ${at + 1}.`,
    scope.hint,
    {
      filter,
      at,
    },
  )
}

/**
 * MLflow's filter language: comparisons joined by AND. Keys are `metrics.x`, `params.x`, `tags.x`, `attributes.x` (or the
 * bare attribute); names with other characters stand in backticks or double quotes. Metrics take = != < <= > >= with a
 * number; all others = != LIKE ILIKE IN with texts in single or double quotes; IS NULL and IS NOT NULL for params and tags.
 */
export function parseFilter(scope: FilterScope, filter: string): Condition {
  const tokens = tokenise(scope, filter)
  const source: Source = { scope, filter, tokens }
  const conditions: Condition[] = []
  let at = 0
  const next = () => tokens[at++]
  while (at < tokens.length) {
    if (conditions.length > 0) {
      const and = next()
      if (and?.kind !== 'name' || and.text.toLowerCase() !== 'and')
        throw refuse('expected AND', source, and?.at ?? filter.length)
    }
    const parsed = parseComparison(source, at)
    conditions.push(parsed.condition)
    at = parsed.next
  }
  if (conditions.length === 0) return { sql: '1', values: [] }
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  }
}

const tokenPattern =
  /\s*(?:(`[^`]+`|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.|'')*')|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(<=|>=|!=|=|<|>)|([(),.])|([\p{L}_][\p{L}\p{N}_/-]*))/uy

function tokenise(scope: FilterScope, filter: string): Token[] {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < filter.trimEnd().length) {
    const start = tokenPattern.lastIndex
    const match = tokenPattern.exec(filter)
    if (!match) throw refuse('unexpected character', { filter, scope }, start)
    const [whole, quoted, number, operator, punctuation, name] = match
    const at = start + whole.length - whole.trimStart().length
    if (quoted !== undefined) tokens.push({ kind: quoted.startsWith('`') ? 'name' : 'text', text: unquote(quoted), at })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, at })
    else if (punctuation !== undefined) tokens.push({ kind: 'punctuation', text: punctuation, at })
    else tokens.push({ kind: 'name', text: name as string, at })
  }
  return tokens
}

/** A backslash makes the next sign stand for itself; so does a single quote before one, as in SQL. */
function unquote(text: string): string {
  const inner = text.slice(1, -1)
  if (text.startsWith('`')) return inner
  return inner.replaceAll(text.startsWith("'") ? /\\(.)|'(')/gsu : /\\(.)/gsu, (_, sign: string, quote?: string) =>
    typeof quote === 'string' ? quote : sign,
  )
}

/** What a key names: where its value lies. */
interface FilterKey {
  readonly table: 'metric' | 'param' | 'tag' | 'attribute'
  readonly key: string
}

const tables: ReadonlyMap<string, FilterKey['table']> = new Map(
  Object.entries({
    metrics: 'metric',
    metric: 'metric',
    params: 'param',
    parameters: 'param',
    param: 'param',
    tags: 'tag',
    tag: 'tag',
    attributes: 'attribute',
    attribute: 'attribute',
    attr: 'attribute',
  }),
)

function parseKey(source: Source, at: number): { readonly key: FilterKey; readonly next: number } {
  const { scope, filter, tokens } = source
  const { attributes } = scope
  const first = tokens[at]
  if (!first || (first.kind !== 'name' && first.kind !== 'text'))
    throw refuse('expected a name', source, first?.at ?? filter.length)
  if (tokens[at + 1]?.text !== '.') {
    if (attributes.has(first.text)) return { key: { table: 'attribute', key: first.text }, next: at + 1 }
    throw refuse(`${first.text} is neither an attribute nor metrics., params. or tags.`, source, first.at)
  }
  const word = first.text.toLowerCase()
  const table = scope.attributeWords.includes(word) ? 'attribute' : tables.get(word)
  if (!table) throw refuse(`${first.text} is not one of metrics, params, tags, attributes`, source, first.at)
  // A name may go on after dots, as mlflow.runName does.
  const parts: string[] = []
  let place = at + 2
  for (;;) {
    const part = tokens[place]
    if (!part || (part.kind !== 'name' && part.kind !== 'text' && part.kind !== 'number'))
      throw refuse('expected a name after the dot', source, part?.at ?? filter.length)
    parts.push(part.text)
    place += 1
    if (tokens[place]?.text !== '.') break
    place += 1
  }
  const key = parts.join('.')
  if (table === 'attribute' && !attributes.has(key)) throw refuse(`there is no attribute ${key}`, source, first.at)
  return { key: { table, key }, next: place }
}

function keySql(scope: FilterScope, { table, key }: FilterKey): Condition {
  if (table !== 'attribute') return { sql: scope[table], values: [key] }
  return { sql: (scope.attributes.get(key) as { sql: string }).sql, values: [] }
}

function kindOf(scope: FilterScope, { table, key }: FilterKey): ValueKind {
  if (table === 'metric') return 'number'
  return table === 'attribute' ? (scope.attributes.get(key)?.kind ?? 'text') : 'text'
}

type Parsed = { readonly condition: Condition; readonly next: number }

function parseComparison(source: Source, start: number): Parsed {
  const { scope } = source
  const { key, next } = parseKey(source, start)
  const kind = kindOf(scope, key)
  const value = keySql(scope, key)
  if (kind !== 'set') return parseOperator(source, next, value, kind)
  const { condition, next: after } = parseOperator(source, next, { sql: 'item', values: [] }, 'text')
  const [word = '', second = ''] = source.tokens.slice(next, next + 2).map(({ text }) => text.toUpperCase())
  // That something is not so means that it is so of no item.
  const isDenied = word === '!=' || word === 'NOT' || (word === 'IS' && second !== 'NOT')
  const items = `SELECT 1 FROM (${value.sql})`
  const sql = isDenied
    ? `NOT EXISTS (${items} WHERE NOT (${condition.sql}))`
    : `EXISTS (${items} WHERE ${condition.sql})`
  return { condition: { sql, values: [...value.values, ...condition.values] }, next: after }
}

function parseOperator(source: Source, next: number, value: Condition, kind: Exclude<ValueKind, 'set'>): Parsed {
  const { filter, tokens } = source
  const operator = tokens[next]
  if (!operator) throw refuse('expected a comparison', source, filter.length)
  const word = operator.text.toUpperCase()
  if (operator.kind === 'operator') return compare(source, { value, kind, operator }, next + 1)
  if (word === 'LIKE' || word === 'ILIKE') {
    const pattern = expectText(source, next + 1)
    if (kind === 'number') throw refuse('numbers are compared with numbers', source, operator.at)
    // SQLite's LIKE does not tell cases apart, so LIKE is GLOB with the pattern rewritten.
    if (word === 'ILIKE')
      return { condition: { sql: `${value.sql} LIKE ?`, values: [...value.values, pattern] }, next: next + 2 }
    return { condition: { sql: `${value.sql} GLOB ?`, values: [...value.values, globOf(pattern)] }, next: next + 2 }
  }
  if (word === 'IN' || (word === 'NOT' && tokens[next + 1]?.text.toUpperCase() === 'IN')) {
    if (kind === 'number') throw refuse('numbers are compared with numbers', source, operator.at)
    const listAt = word === 'IN' ? next + 1 : next + 2
    const { texts, next: after } = parseList(source, listAt)
    const marks = texts.map(() => '?').join(', ')
    return {
      condition: {
        sql: `${value.sql} ${word === 'IN' ? 'IN' : 'NOT IN'} (${marks})`,
        values: [...value.values, ...texts],
      },
      next: after,
    }
  }
  if (word === 'IS') {
    const not = tokens[next + 1]?.text.toUpperCase() === 'NOT'
    const nothing = tokens[next + (not ? 2 : 1)]
    if (nothing?.text.toUpperCase() !== 'NULL') throw refuse('expected NULL', source, nothing?.at ?? filter.length)
    return {
      condition: { sql: `${value.sql} IS ${not ? 'NOT ' : ''}NULL`, values: value.values },
      next: next + (not ? 3 : 2),
    }
  }
  throw refuse(`${operator.text} is not a comparison`, source, operator.at)
}

interface Comparison {
  readonly value: Condition
  readonly kind: Exclude<ValueKind, 'set'>
  readonly operator: Token
}

function compare(source: Source, { value, kind, operator }: Comparison, at: number) {
  const { filter, tokens } = source
  const operand = tokens[at]
  if (!operand) throw refuse('expected a value', source, filter.length)
  if (kind === 'number') {
    if (operand.kind !== 'number') throw refuse('numbers are compared with numbers', source, operand.at)
    return {
      condition: { sql: `${value.sql} ${operator.text} ?`, values: [...value.values, Number(operand.text)] },
      next: at + 1,
    }
  }
  const isTime = kind === 'time'
  if (isTime && operand.kind === 'number') {
    // MLflow gives times in milliseconds.
    const time = new Date(Number(operand.text))
    if (Number.isNaN(time.getTime())) throw refuse('that is not a time', source, operand.at)
    return {
      condition: { sql: `${value.sql} ${operator.text} ?`, values: [...value.values, time.toISOString()] },
      next: at + 1,
    }
  }
  // Times are compared as texts, so that a date, or a year, means its start.
  if (isTime && Number.isNaN(Date.parse(operand.text))) throw refuse('that is not a time', source, operand.at)
  if (!isTime && operator.text !== '=' && operator.text !== '!=')
    throw refuse('texts are compared with =, !=, LIKE, ILIKE or IN', source, operator.at)
  if (operand.kind !== 'text' && operand.kind !== 'number')
    throw refuse('expected a value in quotes', source, operand.at)
  return {
    condition: { sql: `${value.sql} ${operator.text} ?`, values: [...value.values, operand.text] },
    next: at + 1,
  }
}

function expectText(source: Source, at: number): string {
  const token = source.tokens[at]
  if (token?.kind !== 'text') throw refuse('expected a text in quotes', source, token?.at ?? source.filter.length)
  return token.text
}

function parseList(source: Source, start: number): { readonly texts: string[]; readonly next: number } {
  const { filter, tokens } = source
  if (tokens[start]?.text !== '(') throw refuse('expected (', source, tokens[start]?.at ?? filter.length)
  const texts: string[] = []
  let at = start + 1
  for (;;) {
    const token = tokens[at]
    if (token?.kind !== 'text' && token?.kind !== 'number')
      throw refuse('expected a text in quotes', source, token?.at ?? filter.length)
    texts.push(token.text)
    const after = tokens[at + 1]
    if (after?.text === ')') return { texts, next: at + 2 }
    if (after?.text !== ',') throw refuse('expected , or )', source, after?.at ?? filter.length)
    at += 2
  }
}

/** A LIKE pattern as a GLOB pattern: % is any text, _ any character, GLOB's own signs stand for themselves. */
function globOf(pattern: string): string {
  return Array.from(pattern, (character) =>
    character === '%' ? '*' : character === '_' ? '?' : /[*?[]/.test(character) ? `[${character}]` : character,
  ).join('')
}

/** `metrics.roc_auc DESC, attributes.start_time` as SQL; rows without the value come last. */
export function parseOrder(scope: FilterScope, order: string): Condition {
  const tokens = tokenise(scope, order)
  const source: Source = { scope, filter: order, tokens }
  const parts: Condition[] = []
  let at = 0
  while (at < tokens.length) {
    const { key, next } = parseKey(source, at)
    if (kindOf(scope, key) === 'set')
      throw refuse(`there may be several of ${key.key}, which give no order`, source, tokens[at]?.at ?? 0)
    at = next
    let direction = 'ASC'
    const word = tokens[at]?.text.toUpperCase()
    if (word === 'ASC' || word === 'DESC') {
      direction = word
      at += 1
    }
    const value = keySql(scope, key)
    parts.push({ sql: `${value.sql} ${direction} NULLS LAST`, values: value.values })
    if (at < tokens.length) {
      if (tokens[at]?.text !== ',') throw refuse('expected a comma', source, tokens[at]?.at ?? order.length)
      at += 1
    }
  }
  return {
    sql: [...parts.map(({ sql }) => sql), ...scope.lastOrder].join(', '),
    values: parts.flatMap(({ values }) => values),
  }
}
