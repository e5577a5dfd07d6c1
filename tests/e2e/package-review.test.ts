import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../core/services/service-context.ts'
import { maestro, maestroJson } from '../fixtures/run-maestro.ts'
import type { Screen } from './screen.ts'
import { freshFolder, hasChromium, launchChromium, openScreen } from './screen.ts'

const passphrase = 'correct horse battery staple'
const python = process.env.MAESTRO_PYTHON ?? 'python3'

/** Two people on two computers who share nothing but files: an engineer submits, a reviewer decides on a train. */
describe.skipIf(!hasChromium)('a review by a package', () => {
  const folder = freshFolder('package')
  const workshop = join(folder, 'workshop')
  const eva: Actor = { name: 'eva', role: 'superadmin' }
  const rita: Actor = { name: 'rita', role: 'superadmin' }
  const packageFile = join(folder, 'titanic-2.maestro')
  const replyFile = join(folder, 'reply.json')
  /** What the reviewer's page asked for beyond its own host. */
  const asked: string[] = []
  let browser: Browser
  let engineer: Screen
  let reviewer: Screen

  beforeAll(async () => {
    const table = resolve('resources', 'samples', 'titanic.csv')
    for (const seed of ['1', '2']) {
      const search = [
        '--target',
        'survived',
        '--trials',
        '2',
        '--budget',
        '20',
        '--seed',
        seed,
        '--register',
        'titanic',
      ]
      expect(await maestro(workshop, 'automl', table, ...search)).toMatchObject({ exitCode: 0 })
    }
    browser = await launchChromium()
    engineer = await openScreen(browser, workshop, eva)
    reviewer = await openScreen(browser, join(folder, 'elsewhere'), rita)
    const { origin } = new URL(reviewer.page.url())
    await reviewer.page.route(
      (url) => url.origin !== origin && url.protocol.startsWith('http'),
      (route) => {
        asked.push(route.request().url())
        return route.abort()
      },
    )
    await engineer.app.identities.createOwner(eva, { store: 'passphrase', passphrase })
    await reviewer.app.identities.createOwner(rita, { store: 'passphrase', passphrase })
    // The first version is in production already, submitted by somebody else.
    const { approvals, deployments, identities } = engineer.app
    const { id } = approvals.submit({ model: 'titanic/1' }, { name: 'ada', role: 'engineer' })
    for (const state of ['review', 'testing'] as const) approvals.advance(id, state, eva)
    await identities.unlock(eva, passphrase)
    await approvals.decide(id, 'approved', 'Good enough to begin with.', eva)
    deployments.deploy('titanic/1', 'production', eva)
  }, 240_000)
  afterAll(async () => {
    await engineer.close()
    await reviewer.close()
    await browser.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  })

  /** Presses a button that signs, gives the passphrase where it is asked for, and keeps the file that comes of it. */
  async function signInto(page: Page, button: string, file: string): Promise<void> {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click()
    const asks = page.getByLabel('Passphrase of your key')
    await Promise.race([
      download,
      asks.waitFor().then(async () => {
        await asks.fill(passphrase)
        await page.getByRole('button', { name: 'Open the key and sign' }).click()
      }),
    ])
    await (await download).saveAs(file)
  }

  async function drop(page: Page, file: string): Promise<void> {
    await page.evaluate(
      ([name, content]) => {
        const data = new DataTransfer()
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))
        data.items.add(new File([bytes], name))
        document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))
      },
      [basename(file), readFileSync(file).toString('base64')] as const,
    )
  }

  test('the engineer sends a version and saves it as a package, with as many rows as may go along', async () => {
    const { page } = engineer
    await engineer.go('/models/titanic/2')
    await page.getByRole('button', { name: 'Send for approval' }).click()
    await page.getByRole('textbox', { name: 'What should the reviewer know?' }).fill('Trained with another seed.')
    await page.getByRole('dialog').getByRole('button', { name: 'Send for approval' }).click()
    await page.getByRole('heading', { name: 'titanic 2 replaces 1' }).waitFor()
    await page.getByRole('button', { name: 'Save as a package…' }).click()
    await page.getByRole('radio', { name: 'Some' }).check()
    await page.getByRole('textbox', { name: 'How many' }).fill('150')
    await engineer.look('package-export')
    await signInto(page, 'Sign and save', packageFile)
  })

  test('the reviewer sees in an empty install that it holds, and what changes', async () => {
    const { page } = reviewer
    await drop(page, packageFile)
    await page.getByText('files are as they were signed').waitFor()
    await page.getByText('150 rows of its training table came along').waitFor()
    await reviewer.look('package-opened')
    await page.getByRole('button', { name: 'Compare with the one in use' }).click()
    await page
      .getByText(/changes the prediction of|predicts all .* alike|no prediction/)
      .first()
      .waitFor()
    await page.getByText('On the same 150 rows').waitFor()
    await reviewer.look('package-compare')
  })

  test('tries what-ifs, and reads why a row was scored as it was', async () => {
    const { page } = reviewer
    await page.getByRole('button', { name: 'Back to the submission' }).click()
    await page.getByRole('button', { name: 'Look at it and try it' }).click()
    await page.getByRole('heading', { name: /titanic \(review\) \/ \d/ }).waitFor()
    await page.getByRole('tab', { name: 'Card' }).click()
    await page.getByText('Revision 1 of 1').waitFor()
    await page.getByRole('tab', { name: 'Explain' }).click()
    await page.getByText('What if', { exact: true }).click()
    const card = page.locator('[data-what-if]')
    const before = await card.getAttribute('data-what-if')
    await page.getByRole('slider', { name: 'fare' }).focus()
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowRight')
    await page.getByText('from the start').waitFor()
    expect(await card.getAttribute('data-what-if')).not.toBe(before)
    await reviewer.look('package-what-if')
  })

  test('signs, and the reply is a small file', async () => {
    const { page } = reviewer
    await page.getByRole('button', { name: 'Back to the submission' }).click()
    await page.getByRole('textbox', { name: 'Why' }).fill('Better in every slice; the fare matters less.')
    await signInto(page, 'Sign approval', replyFile)
    await page.getByText('Signed. Send the file').waitFor()
    expect(readFileSync(replyFile).byteLength).toBeLessThan(20_000)
    await page.getByRole('button', { name: 'Close' }).click()
    expect(asked).toEqual([])
  })

  test('the reply of somebody unknown does not count; made known by the key, it does', async () => {
    const { page } = engineer
    await drop(page, replyFile)
    await page
      .getByText(/not known here|nobody here knows|unknown/i)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    expect(engineer.app.approvals.get('titanic/2').state).toBe('submitted')
    const key = reviewer.app.identities.show(rita).identity.publicKey as string
    await engineer.go('/people')
    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('rita')
    await page.getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: 'approver' }).click()
    await page.getByRole('combobox', { name: 'Where this person signs' }).click()
    await page.getByRole('option', { name: 'In another Maestro' }).click()
    await page.getByRole('textbox', { name: 'Their public key' }).fill(key)
    await engineer.look('people-add-known')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('grid', { name: 'People' }).getByText('rita').waitFor()
    await drop(page, replyFile)
    await page.getByText('A reply from elsewhere').waitFor()
    await expect.poll(() => engineer.app.approvals.get('titanic/2').state, { timeout: 30_000 }).toBe('approved')
    await engineer.look('package-reply')
    await page.getByRole('button', { name: 'To the submission' }).click()
    await page.getByRole('heading', { name: 'titanic 2' }).waitFor()
  })

  test('it goes into production, the old version steps down, and comes back with one click', async () => {
    const { page } = engineer
    await page.getByRole('button', { name: 'Deploy to production' }).click()
    await page.getByText('titanic/2 is in production').or(page.getByText('is in production.')).first().waitFor()
    await engineer.go('/models/titanic')
    const used = page.getByRole('region', { name: 'In use' })
    await used.getByText('is version 2').waitFor()
    await used.getByRole('button', { name: 'Roll back to 1' }).click()
    await used.getByText('is version 1').waitFor()
    expect(engineer.app.deployments.list('titanic').slots).toMatchObject([{ slot: 'production', version: 1 }])
  })

  test('whoever audits it verifies the log, with this program and with another', async () => {
    const log = join(folder, 'audit.json')
    expect(await maestroJson(workshop, 'audit', 'export', '--out', log)).toMatchObject({ exitCode: 0 })
    expect(await maestroJson(workshop, 'audit', 'verify', log)).toMatchObject({ exitCode: 0 })
    const listed = await maestro(workshop, 'audit', 'list', '--limit', '200')
    for (const word of ['rita', 'deployments.rollback']) expect(listed.stdout).toContain(word)
    if (spawnSync(python, ['--version']).status !== 0) return
    const run = spawnSync(python, ['tests/golden/audit/verify_log.py', log], { encoding: 'utf8' })
    expect([run.status, run.stderr]).toEqual([0, ''])
  })

  test('nothing complained on the way', () => {
    expect([...engineer.problems, ...reviewer.problems]).toEqual([])
  })
})
