import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { parseRunFilter, parseRunOrder } from '../../../../../core/services/runs/run-filter.ts'
import { shippedMigrations } from '../../../../../core/storage/migrations.ts'
import { MaestroError } from '../../../../../shared/errors.ts'
import { fc } from '../../../../fixtures/properties.ts'

const sqlite = new Database(':memory:')
for (const { sql } of shippedMigrations()) sqlite.exec(sql)
sqlite.exec(
  `INSERT INTO experiment (id, name, created_at, updated_at) VALUES ('e', 'first', '2026-01-01', '2026-01-01')`,
)
const runs = [
  { id: 'a', auc: 0.9, learner: 'gradient-boosting', tag: 'prod' },
  { id: 'b', auc: 0.8, learner: 'random-forest', tag: null },
  { id: 'c', auc: null, learner: "o'brien", tag: '100%' },
]
for (const { id, auc, learner, tag } of runs) {
  sqlite
    .prepare("INSERT INTO run (id, experiment_id, name, status, started_at) VALUES (?, 'e', ?, 'FINISHED', ?)")
    .run(id, `run ${id}`, `2026-01-0${'abc'.indexOf(id) + 1}T00:00:00.000Z`)
  sqlite.prepare("INSERT INTO run_param (run_id, key, value) VALUES (?, 'learner', ?)").run(id, learner)
  if (auc !== null)
    sqlite
      .prepare("INSERT INTO run_latest_metric (run_id, key, step, timestamp, value) VALUES (?, 'roc_auc', 0, '', ?)")
      .run(id, auc)
  if (tag !== null)
    sqlite.prepare("INSERT INTO run_tag (run_id, key, value) VALUES (?, 'mlflow.note content', ?)").run(id, tag)
}
afterAll(() => sqlite.close())

function matching(filter: string): string[] {
  const { sql, values } = parseRunFilter(filter)
  return sqlite
    .prepare<unknown[], { id: string }>(`SELECT run.id FROM run WHERE ${sql} ORDER BY run.id`)
    .all(...values)
    .map(({ id }) => id)
}

describe('MLflow’s filter language', () => {
  test.each([
    ['', 'abc'],
    ['metrics.roc_auc > 0.85', 'a'],
    ['metrics.roc_auc <= 0.9 and metrics.roc_auc != 0.9', 'b'],
    ["params.learner = 'gradient-boosting'", 'a'],
    ["params.learner LIKE 'gradient%'", 'a'],
    ["params.learner LIKE 'GRADIENT%'", ''],
    ["params.learner ILIKE 'GRADIENT%'", 'a'],
    ["params.learner = 'o''brien'", 'c'],
    ['params.learner = "o\'brien"', 'c'],
    ["tags.`mlflow.note content` = 'prod'", 'a'],
    ["tags.`mlflow.note content` LIKE '100%'", 'c'],
    ["params.learner IN ('random-forest', 'x')", 'b'],
    ["params.learner NOT IN ('random-forest', 'x')", 'ac'],
    ['tags.`mlflow.note content` IS NULL', 'b'],
    ['tags.`mlflow.note content` IS NOT NULL', 'ac'],
    ["attributes.status = 'FINISHED' AND run_name = 'run b'", 'b'],
    ['attributes.start_time >= 1767312000000', 'bc'],
  ])('%s', (filter, expected) => {
    expect(matching(filter).join('')).toBe(expected)
  })

  test.each([
    ['metrics.roc_auc > ', 'expected a value'],
    ["metrics.roc_auc > 'high'", 'compared with numbers'],
    ['params.learner > 3', 'texts are compared'],
    ['nothing = 1', 'neither an attribute'],
    ["params.learner = 'x' or params.learner = 'y'", 'expected AND'],
    ["params.learner = 'x", 'unexpected character'],
    ["metrics.roc_auc IN ('0.9')", 'compared with numbers'],
    ['constructor = 1', 'neither an attribute'],
    ['attributes.toString = 1', 'no attribute'],
    ['constructor.x = 1', 'not one of'],
    ['metrics.a > 1; DROP TABLE run', 'unexpected character'],
  ])('%s is refused with the place', (filter, message) => {
    expect(() => parseRunFilter(filter)).toThrow(message)
  })

  test('whatever is typed is either refused by us or answered by SQLite, and never changes anything', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'metrics.',
        'params.',
        'tags.',
        'attributes.',
        'roc_auc',
        '`x y`',
        "'",
        '"',
        '=',
        '>',
        ' and ',
        ' LIKE ',
        ' IN ',
        '(',
        ')',
        ',',
        '1e5',
        '; --',
        '%',
        'NULL',
        ' IS NOT ',
      ),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          matching(pieces.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(MaestroError)
        }
        expect(sqlite.prepare<[], { n: number }>('SELECT count(*) AS n FROM run').get()?.n).toBe(3)
      }),
      { numRuns: 3_000 },
    )
  })
})

test('runs are ordered by a metric, those without it last', () => {
  const { sql, values } = parseRunOrder('metrics.roc_auc ASC')
  const ordered = sqlite.prepare<unknown[], { id: string }>(`SELECT run.id FROM run ORDER BY ${sql}`).all(...values)
  expect(ordered.map(({ id }) => id).join('')).toBe('bac')
})
