import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandGroups } from '../../../cli/groups.ts'
import { randomStream } from '../../../engine/random.ts'
import { maestro, maestroJson } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-cli-'))
const workspace = join(folder, 'workspace')
const table = join(folder, 'loans.csv')
const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/)
const id = expect.stringMatching(/^[0-9a-f]{32}$/)
const run = (...args: string[]) => maestro(workspace, ...args)
const json = (...args: string[]) => maestroJson(workspace, ...args)

/** A table with a target that follows from its columns, with missing values and a category. */
function loans(rows: number): string {
  const random = randomStream(7, 0)
  const lines = ['income,age,town,repaid']
  for (let row = 0; row < rows; row++) {
    const income = Math.round(random.nextFloat() * 100_000) / 100
    const age = 18 + Math.floor(random.nextFloat() * 60)
    const town = ['Aachen', 'Bremen', 'Celle'][Math.floor(random.nextFloat() * 3)] ?? ''
    const repaid = income / 1000 + age / 100 + (town === 'Celle' ? 0.4 : 0) + random.nextFloat() * 0.3 > 1.1
    lines.push(`${row % 17 === 0 ? '' : income},${age},${town},${repaid ? 'yes' : 'no'}`)
  }
  return `${lines.join('\n')}\n`
}

beforeAll(() => writeFileSync(table, loans(400)))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 200 }))

describe('help', () => {
  test('the program, every noun and every verb tell an example', async () => {
    const { exitCode, stdout } = await run('--help')
    expect(exitCode).toBe(0)
    for (const group of commandGroups) {
      expect(stdout).toContain(group.kind === 'noun' ? group.name : group.command.name)
      const commands = group.kind === 'noun' ? group.verbs : [group.command]
      for (const { examples } of commands) expect(examples.length).toBeGreaterThan(0)
    }
    const noun = await run('data', '--help')
    expect([noun.exitCode, noun.stdout]).toEqual([0, expect.stringMatching(/example:\n {2}maestro data import/)])
    const verb = await run('data', 'import', '--help')
    expect([verb.exitCode, verb.stdout]).toEqual([0, expect.stringMatching(/examples:\n {2}maestro data import/)])
    expect(existsSync(workspace)).toBe(false)
  })
})

describe('wrong usage is exit 2, with a hint and without a workspace', () => {
  test.each([
    [['dtaa'], /no command "dtaa"/, /Did you mean "data"/],
    [['data', 'improt'], /no verb "improt"/, /Did you mean "import"/],
    [['data', 'import'], /FILE is missing/, /--help/],
    [['data', 'list', 'extra'], /"extra" is too much/, /--help/],
    [['data', 'list', '--nothing'], /nothing/, /--help/],
    [['automl', 'x'], /--target COLUMN is missing/, /--help/],
    [['automl', 'x', '--target', 'y', '--budget', 'soon'], /takes a number/, /--help/],
    [['automl', 'x', '--target', 'y', '--task', 'guess'], /cannot be "guess"/, /binary/],
    [['automl', 'x', '--target', 'y', '--out', 'p.csv'], /--out needs --test/, /test rows/],
    [['models', 'tag', 'a/1', 'novalue'], /is no tag/, /KEY=VALUE/],
    [['explain', 'm', 'd', '--rows', '5:2'], /cannot be "5:2"/, /FROM:TO/],
  ])('maestro %j', async (args, message, hint) => {
    const { exitCode, stdout, stderr } = await run(...args)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error\[INPUT_INVALID\]: /)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(hint)
    expect(existsSync(workspace)).toBe(false)
  })

  test('with --json it is a document', async () => {
    const { exitCode, json: answer } = await json('data', 'import')
    expect(exitCode).toBe(2)
    expect(answer).toEqual({
      error: {
        code: 'INPUT_INVALID',
        message: expect.any(String),
        hint: expect.any(String),
        details: {},
        correlationId: '',
      },
    })
  })
})

describe('data', () => {
  test('import gives the dataset with its profile, and progress as JSON lines', async () => {
    const {
      exitCode,
      json: answer,
      stderr,
    } = await json('data', 'import', table, '--progress', 'json', '--type', 'age=number')
    expect(exitCode).toBe(0)
    expect(answer).toMatchObject({
      dataset: {
        id,
        name: 'loans',
        version: 1,
        digest,
        rows: 400,
        columns: [
          { name: 'income', type: 'number', missing: 24 },
          { name: 'age', type: 'number', missing: 0 },
          { name: 'town', type: 'category', distinct: 3 },
          { name: 'repaid', distinct: 2 },
        ],
      },
      warnings: expect.any(Array),
    })
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.at(-1)).toMatchObject({ type: 'progress', job: id, kind: 'import', state: 'succeeded', fraction: 1 })
  })

  test('the same file again is the same dataset', async () => {
    await json('data', 'import', table)
    const { json: answer } = await json('data', 'list')
    expect(answer).toMatchObject({ datasets: [{ name: 'loans', version: 1 }] })
  })

  test('show, by name and by version; what is not there is exit 3', async () => {
    expect((await json('data', 'show', 'loans/1')).json).toMatchObject({ dataset: { name: 'loans', rows: 400 } })
    const { exitCode, stderr } = await run('data', 'show', 'nothing')
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/^error\[NOT_FOUND\]: .*nothing.*\nhint: /)])
  })

  test('a file that is not there is exit 3; one that is no table exit 1', async () => {
    expect((await run('data', 'import', join(folder, 'missing.csv'))).exitCode).toBe(3)
    const empty = join(folder, 'empty.csv')
    writeFileSync(empty, '')
    const { exitCode, json: answer } = await json('data', 'import', empty)
    expect([exitCode, answer]).toEqual([
      1,
      { error: expect.objectContaining({ code: expect.stringMatching(/^DATASET_/) }) },
    ])
  })

  test('export, delete and restore', async () => {
    const out = join(folder, 'out.csv')
    expect((await json('data', 'export', 'loans', '--out', out)).json).toMatchObject({ out, rows: 400 })
    expect(readFileSync(out, 'utf8').split('\n')[0]).toBe('income,age,town,repaid')
    expect((await run('data', 'delete', 'loans')).exitCode).toBe(0)
    expect((await json('data', 'list')).json).toEqual({ datasets: [] })
    expect((await run('data', 'restore', 'loans')).exitCode).toBe(0)
    expect((await json('data', 'list')).json).toMatchObject({ datasets: [{ name: 'loans' }] })
  })
})

describe('automl and what comes of it', () => {
  const onnx = join(folder, 'loans.onnx')
  let bestRun = ''

  test('a table becomes an exported model with its leaderboard and certificate', async () => {
    const { exitCode, json: answer } = await json(
      'automl',
      'loans',
      '--target',
      'repaid',
      '--trials',
      '4',
      '--budget',
      '30',
      '--seed',
      '3',
      '--threads',
      '1',
      '--export',
      onnx,
    )
    expect(exitCode).toBe(0)
    expect(answer).toMatchObject({
      job: {
        id,
        state: 'succeeded',
        seed: 3,
        budgetSeconds: 30,
        trialsRun: expect.any(Number),
        seconds: expect.any(Number),
      },
      dataset: { id, digest, rows: 400 },
      task: 'binary',
      target: 'repaid',
      metric: 'roc_auc',
      best: { trialId: expect.any(Number), learner: expect.any(String), score: expect.any(Number) },
      test: null,
      model: { digest, onnxPath: onnx },
      parity: { rows: expect.any(Number), labelFlips: 0, maxAbsDiff: expect.any(Number), passed: true },
      warnings: expect.any(Array),
    })
    const { leaderboard, best } = answer as {
      leaderboard: Record<string, unknown>[]
      best: { runId: string; score: number }
    }
    expect(leaderboard[0]).toMatchObject({
      rank: 1,
      runId: id,
      learner: expect.any(String),
      params: expect.any(Object),
      score: expect.any(Number),
      scoreStd: expect.any(Number),
      fitSeconds: expect.any(Number),
      predictMicrosPerRow: expect.any(Number),
      sizeBytes: expect.any(Number),
    })
    expect(best.score).toBeGreaterThan(0.8)
    expect(existsSync(onnx)).toBe(true)
    bestRun = best.runId
  })

  test('predictions come as the CSV of the contract, to a file or down a pipe', async () => {
    const out = join(folder, 'predictions.csv')
    const { exitCode, json: answer } = await json('predict', onnx, table, '--out', out)
    expect(exitCode).toBe(0)
    expect(answer).toMatchObject({
      rows: 400,
      seconds: expect.any(Number),
      out,
      warnings: expect.any(Array),
      rejected: 0,
    })
    const written = readFileSync(out, 'utf8')
    expect(written.split('\n')[0]).toBe('row,prediction,p_no,p_yes')
    const piped = await run('predict', onnx, table)
    expect([piped.exitCode, piped.stdout]).toEqual([0, written])
    expect((await run('predict', onnx, table, '--json')).exitCode).toBe(2)
  })

  test('runs are listed, shown and compared', async () => {
    const { json: listed } = await json('runs', 'list', '--order', 'metrics.roc_auc DESC', '--limit', '2')
    const { runs } = listed as { runs: { id: string; metrics: Record<string, number> }[] }
    expect(runs).toHaveLength(2)
    const [first, second] = runs
    expect(first?.metrics.roc_auc).toBeGreaterThanOrEqual(second?.metrics.roc_auc ?? 1)
    expect((await json('runs', 'show', bestRun)).json).toMatchObject({ run: { id: bestRun, status: 'FINISHED' } })
    expect((await json('runs', 'compare', first?.id ?? '', second?.id ?? '')).json).toMatchObject({
      metrics: expect.any(Array),
    })
    expect((await run('runs', 'list', '--filter', 'metrics.roc_auc >>')).exitCode).toBe(2)
    expect((await run('runs', 'list', '--experiment', 'nothing')).exitCode).toBe(3)
  })

  test('jobs are listed and shown; one that has ended cannot be cancelled (exit 4)', async () => {
    const { json: listed } = await json('jobs', 'list', '--kind', 'automl')
    const { jobs } = listed as { jobs: { id: string }[] }
    const [job] = jobs
    expect(jobs).toMatchObject([{ id, kind: 'automl', state: 'succeeded', progress: { fraction: 1 } }])
    expect((await json('jobs', 'show', job?.id ?? '')).json).toMatchObject({ job: { id }, log: expect.any(Array) })
    const refused = await json('jobs', 'cancel', job?.id ?? '')
    expect([refused.exitCode, refused.json]).toEqual([4, { error: expect.objectContaining({ code: 'STATE_REFUSED' }) }])
    expect((await run('jobs', 'show', '0'.repeat(32))).exitCode).toBe(3)
  })

  test('two versions are told apart by what differs', async () => {
    const { json: listed } = await json('runs', 'list')
    const { runs } = listed as { runs: { id: string; name: string }[] }
    let registered = 0
    for (const { id: runId } of runs) {
      if (registered === 2) break
      // Runs that were given up have no model.
      if ((await json('models', 'register', runId, '--name', 'compared')).exitCode === 0) registered += 1
    }
    expect(registered).toBe(2)
    const page = join(folder, 'diff.html')
    const { exitCode, json: diff } = await json('models', 'diff', 'compared/1', 'compared/2', '--out', page)
    expect(readFileSync(page, 'utf8')).toContain('compared / 2 against compared / 1')
    expect(exitCode).toBe(0)
    expect(diff).toMatchObject({
      a: { label: 'compared / 1', digest },
      b: { label: 'compared / 2', digest },
      parameters: expect.arrayContaining([expect.objectContaining({ key: expect.any(String) })]),
      schema: expect.any(Array),
      dataset: { rows: 400, trainedOn: 'both' },
      metrics: expect.arrayContaining([
        {
          name: 'roc_auc',
          a: expect.any(Number),
          b: expect.any(Number),
          ciLow: expect.any(Number),
          ciHigh: expect.any(Number),
        },
      ]),
      shap: expect.arrayContaining([{ feature: expect.any(String), a: expect.any(Number), b: expect.any(Number) }]),
      data: [],
      graph: expect.any(Array),
      card: expect.any(Array),
    })
    const same = (await json('models', 'diff', 'compared/1', 'compared/1')).json
    expect(same).toMatchObject({ parameters: [], schema: [], flips: [], flipCount: 0, graph: [], card: [] })
    expect((await run('models', 'diff', 'compared/1', 'compared/9')).exitCode).toBe(3)
  })

  test('a target or a learner that is not there is told', async () => {
    const { exitCode, json: answer } = await json('automl', 'loans', '--target', 'nothing', '--budget', '5')
    expect([exitCode, answer]).toEqual([1, { error: expect.objectContaining({ code: 'TARGET_MISSING' }) }])
    const method = await json('automl', 'loans', '--target', 'repaid', '--learners', 'gradient-boosting,magic')
    expect([method.exitCode, method.json]).toEqual([
      2,
      {
        error: expect.objectContaining({
          message: 'There is no learner named magic.',
          hint: expect.stringContaining('gradient-boosting'),
        }),
      },
    ])
  })
})

describe('output', () => {
  test('without a terminal there are no escape codes', async () => {
    const { stdout, stderr } = await run('data', 'import', table)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what must not be there
    expect(stdout + stderr).not.toMatch(/\u001b/)
    expect(stdout).toContain('loans/1: 400 rows')
  })

  test('who acts must be known to the workspace', async () => {
    const { exitCode, stderr } = await run('data', 'list', '--as', 'nobody-of-ours')
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('nobody-of-ours')])
  })

  test('doctor tells every check', async () => {
    const { exitCode, json: answer } = await json('doctor')
    expect(exitCode).toBe(0)
    const { ok, checks } = answer as { ok: boolean; checks: { name: string }[] }
    expect(ok).toBe(true)
    expect(checks.map(({ name }) => name)).toEqual([
      'runtime',
      'disk space',
      'disk speed',
      'database',
      'stored files',
      'leftovers',
      'worker process',
      'ONNX Runtime',
      'keychain',
    ])
    for (const check of checks)
      expect(check).toMatchObject({ ok: expect.any(Boolean), detail: expect.any(String), hint: expect.any(String) })
  })
})
