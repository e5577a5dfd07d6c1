import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomStream } from '../../../engine/random.ts'
import { maestroJson } from '../../fixtures/run-maestro.ts'

const folder = mkdtempSync(join(tmpdir(), 'maestro-approvals-'))
const home = join(folder, 'home')
const away = join(folder, 'away')
const at = (name: string) => join(folder, name)
const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/)

interface Answer {
  readonly exitCode: number | null
  readonly json: {
    readonly approval: {
      readonly id: string
      readonly state: string
      readonly closed: string | null
      readonly requirements: readonly { readonly what: string; readonly met: boolean }[]
      readonly history: readonly { readonly kind: string; readonly actor: string }[]
    }
    readonly error: { readonly code: string; readonly message: string }
    readonly identity: { readonly publicKey: string }
    readonly findings: readonly { readonly code: string; readonly severity: string }[]
    readonly kept: { readonly model: string; readonly version: number } | null
    readonly allowed: boolean
    readonly verified: boolean
  }
}

async function run(workspace: string, ...args: string[]): Promise<Answer> {
  const { exitCode, json, stderr } = await maestroJson(workspace, ...args)
  return { exitCode, json: json as Answer['json'], ...(exitCode === 0 ? {} : { stderr }) }
}

async function done(workspace: string, ...args: string[]): Promise<Answer['json']> {
  const answer = await run(workspace, ...args)
  expect(answer, args.join(' ')).toMatchObject({ exitCode: 0 })
  return answer.json
}

function table(): string {
  const random = randomStream(11, 0)
  const lines = Array.from({ length: 120 }, () => {
    const [a, b] = [random.nextBelow(100), random.nextBelow(100)]
    return `${a},${b},${a + random.nextBelow(40) > b ? 'yes' : 'no'}`
  })
  return `a,b,y\n${lines.join('\n')}\n`
}

beforeAll(async () => {
  process.env.MAESTRO_PASSPHRASE = 'correct horse battery staple'
  writeFileSync(at('t.csv'), table())
  await done(home, 'automl', at('t.csv'), '--target', 'y', '--budget', '20', '--trials', '2', '--register', 'credit')
  const runs = (await done(home, 'runs', 'list')) as unknown as { runs: { id: string }[] }
  await done(home, 'models', 'register', runs.runs[runs.runs.length - 1]?.id ?? '', '--name', 'credit')
  for (const [name, role] of [
    ['ada', 'engineer'],
    ['rex', 'reviewer'],
    ['bob', 'approver'],
  ] as const) {
    await done(home, 'identity', 'create', name, '--role', role, '--keep', 'passphrase')
  }
}, 120_000)
afterAll(() => {
  delete process.env.MAESTRO_PASSPHRASE
  rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 200 })
})

describe('from a version to production', { timeout: 120_000 }, () => {
  test('a submission is reviewed, tested, signed, deployed; who may not is refused with exit 4', async () => {
    expect(await run(home, 'deploy', 'credit/1', '--slot', 'production', '--as', 'ada')).toMatchObject({
      exitCode: 4,
      json: { error: { code: 'POLICY_REFUSED' } },
    })
    const { approval } = await done(home, 'approvals', 'submit', 'credit/1', '--as', 'ada')
    expect(approval).toMatchObject({ model: 'credit', version: 1, state: 'submitted', manifestDigest: digest })
    const { id } = approval
    const decide = (verb: string, who: string) =>
      run(home, 'approvals', verb, id, '--reason', 'looked at it', '--as', who)
    expect(await decide('approve', 'bob')).toMatchObject({ exitCode: 4, json: { error: { code: 'STATE_REFUSED' } } })
    await done(home, 'approvals', 'advance', id, 'review', '--as', 'rex')
    expect(await run(home, 'approvals', 'advance', id, 'deployed', '--as', 'rex')).toMatchObject({ exitCode: 4 })
    await done(home, 'approvals', 'advance', id, 'testing', '--as', 'rex')
    expect(await decide('approve', 'ada')).toMatchObject({ exitCode: 4, json: { error: { code: 'FORBIDDEN' } } })
    expect(await decide('approve', 'rex')).toMatchObject({ exitCode: 4, json: { error: { code: 'POLICY_REFUSED' } } })
    const signed = await decide('approve', 'bob')
    expect(signed).toMatchObject({ exitCode: 0, json: { approval: { state: 'approved' } } })
    expect(signed.json.approval.history.filter(({ kind }) => kind === 'refused').length).toBeGreaterThanOrEqual(3)
    expect(await done(home, 'policy', 'check', 'credit/1')).toMatchObject({ allowed: true })
    expect(await done(home, 'deploy', 'credit/1', '--slot', 'production', '--as', 'ada')).toEqual({
      slot: 'production',
      version: 'credit/1',
      previous: null,
    })
  })

  test('a package goes to an empty workspace, its reply comes back, counts once, and can be rolled back', async () => {
    const { identity } = await done(away, 'identity', 'create', 'nora', '--role', 'approver', '--keep', 'passphrase')
    const { approval } = await done(home, 'approvals', 'submit', 'credit/2', '--as', 'ada', '--message', 'replaces 1')
    const file = at('credit-2.maestro')
    await done(home, 'approvals', 'export', approval.id, '--out', file, '--as', 'ada')

    const opened = await done(away, 'review', 'open', file, '--as', 'nora')
    expect(opened).toMatchObject({ verified: true, kept: { model: 'credit (review)', version: 2, replaces: 1 } })
    const tried = await done(away, 'explain', 'credit (review)/2', at('t.csv'), '--rows', '0:2')
    expect(tried).toMatchObject({ exact: true })
    const reply = at('reply.json')
    await done(away, 'review', 'decide', file, 'approve', '--reason', 'better', '--out', reply, '--as', 'nora')

    const unknown = await run(home, 'approvals', 'import', reply, '--as', 'ada')
    expect(unknown).toMatchObject({ exitCode: 5, json: { verified: false, findings: [{ code: 'SIGNER_UNKNOWN' }] } })
    writeFileSync(at('nora.pem'), identity.publicKey)
    await done(home, 'identity', 'add', 'nora', '--role', 'approver', '--key', at('nora.pem'))

    writeFileSync(at('forged.json'), readFileSync(reply, 'utf8').replace(/"payload\\":\\"..../, '"payload\\":\\"AAAA'))
    expect(await run(home, 'approvals', 'import', at('forged.json'), '--as', 'ada')).toMatchObject({
      exitCode: 5,
      json: { findings: [{ code: 'SIGNATURE' }] },
    })
    expect(await done(home, 'approvals', 'import', reply, '--as', 'ada')).toMatchObject({
      verified: true,
      approval: { state: 'approved' },
    })
    expect(await run(home, 'approvals', 'import', reply, '--as', 'ada')).toMatchObject({
      exitCode: 4,
      json: { findings: [{ code: 'REPLAYED' }] },
    })
    expect(await done(home, 'deploy', 'credit/2', '--slot', 'production', '--as', 'ada')).toMatchObject({
      previous: 'credit/1',
    })
    expect(await done(home, 'rollback', '--slot', 'production', '--as', 'ada')).toEqual({
      slot: 'production',
      version: 'credit/1',
      previous: 'credit/2',
    })
  })

  test('a policy is set by an administrator alone, from YAML, and asked at once', async () => {
    writeFileSync(
      at('policy.yaml'),
      'version: 1\ndefaultTier: strict\ntiers:\n  strict:\n    evidence: [audit-report]\n',
    )
    expect(await run(home, 'policy', 'set', at('policy.yaml'), '--as', 'ada')).toMatchObject({ exitCode: 4 })
    await done(home, 'policy', 'set', at('policy.yaml'))
    const served = await run(home, 'predict', 'credit@production', at('t.csv'), '--out', at('p.csv'))
    expect(served).toMatchObject({ exitCode: 4, json: { error: { code: 'POLICY_REFUSED' } } })
    expect(await run(home, 'policy', 'check', 'credit/2', '--tier', 'strict')).toMatchObject({
      exitCode: 4,
      json: { allowed: false },
    })
  })
})
