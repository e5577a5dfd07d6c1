import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { parseRunFilter, parseRunOrder } from '../../../../../core/services/runs/run-filter.ts'
import { shippedMigrations } from '../../../../../core/storage/migrations.ts'
import { fc } from '../../../../fixtures/properties.ts'

/** Keys and texts that would end a quote, a name or a statement, or that every object has, if they were taken for such. */
const keys = [
  'auc',
  'a b',
  "it's",
  'x.y',
  'constructor',
  '__proto__',
  'größe',
  'a-b',
  'select',
  'c"d',
  '; DROP TABLE run; --',
]
const texts = [
  '',
  'a',
  'A',
  'ab',
  '%',
  '_',
  '*',
  '?',
  '[a]',
  "o'brien",
  'say "a"',
  'back\\slash',
  'größe',
  'x; DROP TABLE run',
]

interface SampleRun {
  readonly id: string
  readonly metrics: ReadonlyMap<string, number>
  readonly params: ReadonlyMap<string, string>
  readonly tags: ReadonlyMap<string, string>
}

const sqlite = new Database(':memory:')
for (const { sql } of shippedMigrations()) sqlite.exec(sql)
afterAll(() => sqlite.close())
const runs = fillRuns()

function fillRuns(): SampleRun[] {
  sqlite.exec("INSERT INTO experiment (id, name, created_at, updated_at) VALUES ('e', 'e', '', '')")
  const insertRun = sqlite.prepare(
    "INSERT INTO run (id, experiment_id, name, status, started_at) VALUES (?, 'e', '', 'FINISHED', '')",
  )
  const insertMetric = sqlite.prepare(
    "INSERT INTO run_latest_metric (run_id, key, step, timestamp, value) VALUES (?, ?, 0, '', ?)",
  )
  return Array.from({ length: 40 }, (_, number) => {
    const run: SampleRun = {
      id: String(number).padStart(2, '0'),
      metrics: new Map(
        keys.filter((_key, at) => (number + at) % 3 > 0).map((key, at) => [key, (number * (at + 1)) % 7]),
      ),
      params: new Map(keys.filter((_key, at) => (number + at) % 4 > 0).map((key, at) => [key, textAt(number + at)])),
      tags: new Map(keys.filter((_key, at) => (number + at) % 2 > 0).map((key, at) => [key, textAt(number * at)])),
    }
    insertRun.run(run.id)
    for (const [key, value] of run.metrics) insertMetric.run(run.id, key, value)
    for (const [table, values] of [['run_param', run.params] as const, ['run_tag', run.tags] as const]) {
      for (const [key, value] of values)
        sqlite.prepare(`INSERT INTO ${table} (run_id, key, value) VALUES (?, ?, ?)`).run(run.id, key, value)
    }
    return run
  })
}

function textAt(number: number): string {
  return texts[number % texts.length] as string
}

interface Comparison {
  readonly text: string
  readonly holds: (run: SampleRun) => boolean
}

const quoted = (text: string) =>
  fc.constantFrom(
    `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  )
const key = fc.constantFrom(...keys).chain((name) =>
  (name.includes('"') ? fc.constant(`\`${name}\``) : fc.constantFrom(`\`${name}\``, `"${name}"`)).map((written) => ({
    name,
    written: /^[a-z]+(\.[a-z]+)?$/.test(name) ? name : written,
  })),
)

const numberComparison: fc.Arbitrary<Comparison> = fc
  .tuple(
    fc.constantFrom('metrics', 'metric'),
    key,
    fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    fc.integer({ min: -1, max: 8 }),
  )
  .map(([table, { name, written }, operator, value]) => ({
    text: `${table}.${written} ${operator} ${value}`,
    holds: (run) => {
      const actual = run.metrics.get(name)
      if (actual === undefined) return false
      switch (operator) {
        case '=':
          return actual === value
        case '!=':
          return actual !== value
        case '<':
          return actual < value
        case '<=':
          return actual <= value
        case '>':
          return actual > value
        case '>=':
          return actual >= value
      }
    },
  }))

const matchesLike = (text: string, pattern: string, flags: string) =>
  new RegExp(
    `^${Array.from(pattern, (sign) => (sign === '%' ? '.*' : sign === '_' ? '.' : sign.replace(/[\\^$.*+?()[\]{}|]/, '\\$&'))).join('')}$`,
    `su${flags}`,
  ).test(text)

const textComparison: fc.Arbitrary<Comparison> = fc
  .tuple(
    fc.constantFrom('params', 'tags'),
    key,
    fc.constantFrom('=', '!=', 'LIKE', 'ilike', 'IN', 'not in', 'IS NULL', 'is not null'),
  )
  .chain(([table, { name, written }, operator]) =>
    fc
      .tuple(fc.constantFrom(...texts), fc.constantFrom(...texts))
      .chain(([first, second]) => fc.tuple(fc.constant([first, second] as const), quoted(first), quoted(second)))
      .map(([[first, second], a, b]): Comparison => {
        const value = (run: SampleRun) => run[table].get(name)
        const on = (test: (actual: string) => boolean) => (run: SampleRun) => {
          const actual = value(run)
          return actual !== undefined && test(actual)
        }
        const left = `${table}.${written} ${operator}`
        const made: Record<typeof operator, Comparison> = {
          '=': { text: `${left} ${a}`, holds: on((actual) => actual === first) },
          '!=': { text: `${left} ${a}`, holds: on((actual) => actual !== first) },
          LIKE: { text: `${left} ${a}`, holds: on((actual) => matchesLike(actual, first, '')) },
          ilike: { text: `${left} ${a}`, holds: on((actual) => matchesLike(actual, first, 'i')) },
          IN: { text: `${left} (${a}, ${b})`, holds: on((actual) => actual === first || actual === second) },
          'not in': { text: `${left} (${a},${b})`, holds: on((actual) => actual !== first && actual !== second) },
          'IS NULL': { text: left, holds: (run) => value(run) === undefined },
          'is not null': { text: left, holds: (run) => value(run) !== undefined },
        }
        return made[operator]
      }),
  )

test('every well-formed filter finds exactly the runs for which it holds', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(numberComparison, textComparison), { maxLength: 4 }), (comparisons) => {
      const { sql, values } = parseRunFilter(comparisons.map(({ text }) => text).join(' and '))
      const found = sqlite
        .prepare<unknown[], { id: string }>(`SELECT id FROM run WHERE ${sql} ORDER BY id`)
        .all(...values)
        .map(({ id }) => id)
      const expected = runs.filter((run) => comparisons.every(({ holds }) => holds(run))).map(({ id }) => id)
      expect(found).toEqual(expected)
    }),
    { numRuns: 2_000 },
  )
})

test('every well-formed order is a whole order of all runs, those without the value last', () => {
  const part = fc.tuple(fc.constantFrom('metrics', 'params', 'tags'), key, fc.constantFrom('', ' ASC', ' desc'))
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
      const text = parts.map(([table, { written }, direction]) => `${table}.${written}${direction}`).join(', ')
      const { sql, values } = parseRunOrder(text)
      const found = sqlite.prepare<unknown[], { id: string }>(`SELECT id FROM run ORDER BY ${sql}`).all(...values)
      expect(found).toHaveLength(runs.length)
      const [[table, { name }, direction]] = parts as [(typeof parts)[number]]
      const firsts = found.map(({ id }) => runs[Number(id)]?.[table as 'metrics'].get(name))
      const present = firsts.filter((value) => value !== undefined)
      expect(firsts.slice(present.length).every((value) => value === undefined)).toBe(true)
      const bytewise = (a: number | string, b: number | string) =>
        typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
      const sorted = present.toSorted(bytewise)
      expect(present).toEqual(direction === ' desc' ? sorted.toReversed() : sorted)
    }),
    { numRuns: 300 },
  )
})
