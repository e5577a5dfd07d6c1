import { MaestroError } from '../../../shared/errors.ts'

/** A condition as SQL with its values, over the table `run` under the name `run`. */
export interface Condition {
  readonly sql: string
  readonly values: readonly (string | number)[]
}

type Token =
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  | { readonly kind: 'text' | 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'operator' | 'punctuation'; readonly text: string; readonly at: number }

const hint = "Write conditions such as metrics.roc_auc > 0.8 and params.learner = 'gradient_boosting', joined by and."

function refuse(message: string, filter: string, at: number): MaestroError {
  return new MaestroError('INPUT_INVALID', `The filter cannot be read: ${message} at character ${at + 1}.`, hint, {
    filter,
    at,
  })
}

/**
 * MLflow's filter language: comparisons joined by AND. Keys are `metrics.x`, `params.x`, `tags.x`, `attributes.x` (or the
 * bare attribute); names with other characters stand in backticks or double quotes. Metrics take = != < <= > >= with a
 * number; all others = != LIKE ILIKE IN with texts in single or double quotes; IS NULL and IS NOT NULL for params and tags.
 */
export function parseRunFilter(filter: string): Condition {
  const tokens = tokenise(filter)
  const conditions: Condition[] = []
  let at = 0
  const next = () => tokens[at++]
  while (at < tokens.length) {
    if (conditions.length > 0) {
      const and = next()
      if (and?.kind !== 'name' || and.text.toLowerCase() !== 'and')
        throw refuse('expected AND', filter, and?.at ?? filter.length)
    }
    const parsed = parseComparison(tokens, at, filter)
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

function tokenise(filter: string): Token[] {
  const tokens: Token[] = []
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < filter.trimEnd().length) {
    const start = tokenPattern.lastIndex
    const match = tokenPattern.exec(filter)
    if (!match) throw refuse('unexpected character', filter, start)
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
export interface RunKey {
  readonly table: 'metric' | 'param' | 'tag' | 'attribute'
  readonly key: string
}

const attributes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    run_id: 'run.id',
    run_name: 'run.name',
    name: 'run.name',
    status: 'run.status',
    start_time: 'run.started_at',
    started_at: 'run.started_at',
    end_time: 'run.ended_at',
    ended_at: 'run.ended_at',
    experiment_id: 'run.experiment_id',
    experiment: '(SELECT name FROM experiment WHERE experiment.id = run.experiment_id)',
  }),
)

const tables: ReadonlyMap<string, RunKey['table']> = new Map(
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
    run: 'attribute',
  }),
)

function parseKey(
  tokens: readonly Token[],
  at: number,
  filter: string,
): { readonly key: RunKey; readonly next: number } {
  const first = tokens[at]
  if (!first || (first.kind !== 'name' && first.kind !== 'text'))
    throw refuse('expected a name', filter, first?.at ?? filter.length)
  if (tokens[at + 1]?.text !== '.') {
    if (attributes.has(first.text)) return { key: { table: 'attribute', key: first.text }, next: at + 1 }
    throw refuse(`${first.text} is neither an attribute nor metrics., params. or tags.`, filter, first.at)
  }
  const table = tables.get(first.text.toLowerCase())
  if (!table) throw refuse(`${first.text} is not one of metrics, params, tags, attributes`, filter, first.at)
  // A name may go on after dots, as mlflow.runName does.
  const parts: string[] = []
  let place = at + 2
  for (;;) {
    const part = tokens[place]
    if (!part || (part.kind !== 'name' && part.kind !== 'text' && part.kind !== 'number'))
      throw refuse('expected a name after the dot', filter, part?.at ?? filter.length)
    parts.push(part.text)
    place += 1
    if (tokens[place]?.text !== '.') break
    place += 1
  }
  const key = parts.join('.')
  if (table === 'attribute' && !attributes.has(key)) throw refuse(`there is no attribute ${key}`, filter, first.at)
  return { key: { table, key }, next: place }
}

/** The value of a key as SQL, over the table `run`. */
export function keySql({ table, key }: RunKey): Condition {
  switch (table) {
    case 'attribute':
      return { sql: attributes.get(key) as string, values: [] }
    case 'metric':
      return {
        sql: '(SELECT value FROM run_latest_metric WHERE run_id = run.id AND key = ? AND is_nan = 0)',
        values: [key],
      }
    case 'param':
      return { sql: '(SELECT value FROM run_param WHERE run_id = run.id AND key = ?)', values: [key] }
    case 'tag':
      return { sql: '(SELECT value FROM run_tag WHERE run_id = run.id AND key = ?)', values: [key] }
  }
}

function parseComparison(
  tokens: readonly Token[],
  start: number,
  filter: string,
): { readonly condition: Condition; readonly next: number } {
  const { key, next } = parseKey(tokens, start, filter)
  const value = keySql(key)
  const operator = tokens[next]
  if (!operator) throw refuse('expected a comparison', filter, filter.length)
  const word = operator.text.toUpperCase()
  if (operator.kind === 'operator') return compare(key, value, operator, tokens, next + 1, filter)
  if (word === 'LIKE' || word === 'ILIKE') {
    const pattern = expectText(tokens[next + 1], filter)
    if (key.table === 'metric') throw refuse('metrics are compared with numbers', filter, operator.at)
    // SQLite's LIKE does not tell cases apart, so LIKE is GLOB with the pattern rewritten.
    if (word === 'ILIKE')
      return { condition: { sql: `${value.sql} LIKE ?`, values: [...value.values, pattern] }, next: next + 2 }
    return { condition: { sql: `${value.sql} GLOB ?`, values: [...value.values, globOf(pattern)] }, next: next + 2 }
  }
  if (word === 'IN' || (word === 'NOT' && tokens[next + 1]?.text.toUpperCase() === 'IN')) {
    if (key.table === 'metric') throw refuse('metrics are compared with numbers', filter, operator.at)
    const listAt = word === 'IN' ? next + 1 : next + 2
    const { texts, next: after } = parseList(tokens, listAt, filter)
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
    if (nothing?.text.toUpperCase() !== 'NULL') throw refuse('expected NULL', filter, nothing?.at ?? filter.length)
    return {
      condition: { sql: `${value.sql} IS ${not ? 'NOT ' : ''}NULL`, values: value.values },
      next: next + (not ? 3 : 2),
    }
  }
  throw refuse(`${operator.text} is not a comparison`, filter, operator.at)
}

function compare(key: RunKey, value: Condition, operator: Token, tokens: readonly Token[], at: number, filter: string) {
  const operand = tokens[at]
  if (!operand) throw refuse('expected a value', filter, filter.length)
  if (key.table === 'metric') {
    if (operand.kind !== 'number') throw refuse('metrics are compared with numbers', filter, operand.at)
    return {
      condition: { sql: `${value.sql} ${operator.text} ?`, values: [...value.values, Number(operand.text)] },
      next: at + 1,
    }
  }
  const isTime = value.sql.endsWith('_at')
  if (isTime && operand.kind === 'number') {
    // MLflow gives times in milliseconds.
    const time = new Date(Number(operand.text))
    if (Number.isNaN(time.getTime())) throw refuse('that is not a time', filter, operand.at)
    return {
      condition: { sql: `${value.sql} ${operator.text} ?`, values: [...value.values, time.toISOString()] },
      next: at + 1,
    }
  }
  if (!isTime && operator.text !== '=' && operator.text !== '!=')
    throw refuse('texts are compared with =, !=, LIKE, ILIKE or IN', filter, operator.at)
  if (operand.kind !== 'text' && operand.kind !== 'number')
    throw refuse('expected a value in quotes', filter, operand.at)
  return {
    condition: { sql: `${value.sql} ${operator.text} ?`, values: [...value.values, operand.text] },
    next: at + 1,
  }
}

function expectText(token: Token | undefined, filter: string): string {
  if (token?.kind !== 'text') throw refuse('expected a text in quotes', filter, token?.at ?? filter.length)
  return token.text
}

function parseList(
  tokens: readonly Token[],
  start: number,
  filter: string,
): { readonly texts: string[]; readonly next: number } {
  if (tokens[start]?.text !== '(') throw refuse('expected (', filter, tokens[start]?.at ?? filter.length)
  const texts: string[] = []
  let at = start + 1
  for (;;) {
    const token = tokens[at]
    if (token?.kind !== 'text' && token?.kind !== 'number')
      throw refuse('expected a text in quotes', filter, token?.at ?? filter.length)
    texts.push(token.text)
    const after = tokens[at + 1]
    if (after?.text === ')') return { texts, next: at + 2 }
    if (after?.text !== ',') throw refuse('expected , or )', filter, after?.at ?? filter.length)
    at += 2
  }
}

/** A LIKE pattern as a GLOB pattern: % is any text, _ any character, GLOB's own signs stand for themselves. */
function globOf(pattern: string): string {
  return Array.from(pattern, (character) =>
    character === '%' ? '*' : character === '_' ? '?' : /[*?[]/.test(character) ? `[${character}]` : character,
  ).join('')
}

/** `metrics.roc_auc DESC, attributes.start_time` as SQL; runs without the value come last. */
export function parseRunOrder(order: string): Condition {
  const tokens = tokenise(order)
  const parts: Condition[] = []
  let at = 0
  while (at < tokens.length) {
    const { key, next } = parseKey(tokens, at, order)
    at = next
    let direction = 'ASC'
    const word = tokens[at]?.text.toUpperCase()
    if (word === 'ASC' || word === 'DESC') {
      direction = word
      at += 1
    }
    const value = keySql(key)
    parts.push({ sql: `${value.sql} ${direction} NULLS LAST`, values: value.values })
    if (at < tokens.length) {
      if (tokens[at]?.text !== ',') throw refuse('expected a comma', order, tokens[at]?.at ?? order.length)
      at += 1
    }
  }
  return {
    sql: [...parts.map(({ sql }) => sql), 'run.started_at DESC', 'run.id DESC'].join(', '),
    values: parts.flatMap(({ values }) => values),
  }
}
