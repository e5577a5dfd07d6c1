import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Approval } from '../../shared/domain/approvals.ts'
import { automlSpecification } from '../../shared/domain/training.ts'
import { owner } from '../fixtures/test-app.ts'
import type { Screen } from './screen.ts'
import { freshFolder, hasChromium, launchChromium, openScreen } from './screen.ts'

const passphrase = 'correct horse battery staple'

describe.skipIf(!hasChromium)('approvals in a real browser', () => {
  const folder = freshFolder('approvals')
  let browser: Browser
  let screen: Screen
  let page: Page
  const ada = { name: 'ada', role: 'engineer' } as const
  const rex = { name: 'rex', role: 'reviewer' } as const

  async function ended(id: string): Promise<void> {
    expect((await screen.app.jobs.wait(id)).state).toBe('succeeded')
  }

  /** Two versions that really were trained, registered by the same services as the window's. */
  async function makeVersions(): Promise<void> {
    const { app } = screen
    const source = { path: resolve('resources/samples/titanic.csv') }
    const { job } = app.datasets.import({ source, name: 'titanic', types: {}, reading: {} })
    await ended(job.id)
    const specification = automlSpecification.parse({
      dataset: 'titanic',
      target: 'survived',
      budgetSeconds: 60,
      maxTrials: 3,
    })
    const started = await app.automl.start(specification)
    await ended(started.job.id)
    const { runs } = app.runs.list({
      experimentIds: [],
      filter: '',
      order: 'start_time ASC',
      limit: 100,
      page: null,
      deleted: false,
    })
    const usable = runs.map(({ id }) => app.runs.detail(id)).filter(({ canRegister }) => canRegister)
    for (const { id } of usable.slice(-2)) {
      const registered = app.explain.register(
        { name: 'titanic', description: '', source: { runId: id }, columns: [] },
        owner,
      )
      await ended(registered.job.id)
    }
  }

  beforeAll(async () => {
    mkdirSync('out/e2e', { recursive: true })
    browser = await launchChromium()
    screen = await openScreen(browser, join(folder, 'workspace'))
    page = screen.page
    await makeVersions()
    await screen.app.identities.createOwner(owner, { store: 'passphrase', passphrase })
  }, 300_000)
  afterAll(async () => {
    await screen.close()
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Who has signed what, as the service tells it. */
  const standing = (reference: string): Approval => screen.app.approvals.get(reference)

  test('an empty inbox says what to do', async () => {
    await screen.go('/approvals')
    await page.getByRole('heading', { name: 'Nothing waits for a decision' }).waitFor()
    await screen.look('approvals-empty')
  })

  test('a version is sent, and stands in the inbox with its time', async () => {
    await screen.go('/models/titanic/1')
    await page.getByRole('button', { name: 'Send for approval' }).click()
    await page.getByRole('textbox', { name: 'What should the reviewer know?' }).fill('The first one.')
    await page.getByRole('dialog').getByRole('button', { name: 'Send for approval' }).click()
    await page.getByText('You have sent it').or(page.getByText('A reviewer starts the review first')).first().waitFor()
    expect(standing('titanic/1').state).toBe('submitted')
    screen.app.approvals.withdraw('titanic/1', owner)
    screen.app.approvals.submit({ model: 'titanic/1', message: 'The first one.' }, ada)
    await screen.go('/approvals')
    await page.getByRole('grid', { name: 'Submissions' }).getByText('titanic / 1').waitFor()
    await screen.look('approvals')
  })

  test('the owner decides on it from one page, seeing exactly what is signed', async () => {
    await page.getByRole('grid', { name: 'Submissions' }).getByText('titanic / 1').click()
    await page.getByRole('button', { name: 'Start review' }).click()
    await page.getByRole('button', { name: 'Start testing' }).click()
    await page.getByRole('textbox', { name: 'Why' }).fill('Better than the baseline on every slice.')
    await page.getByRole('button', { name: 'Approve…' }).click()
    await page.getByRole('table', { name: 'What you sign' }).getByText(standing('titanic/1').manifestDigest).waitFor()
    await screen.look('review-sign')
    await page.getByRole('button', { name: 'Sign approval' }).click()
    await page.getByLabel('Passphrase of your key').fill(passphrase)
    await page.getByRole('button', { name: 'Open the key and sign' }).click()
    await page.getByText('The signature is good.').waitFor()
    await page.getByRole('button', { name: 'Deploy to production' }).click()
    await page.getByText('Deployed', { exact: true }).first().waitFor()
    expect(standing('titanic/1')).toMatchObject({ state: 'deployed', slots: ['production'] })
  })

  test('the next one is shown against the one in production', async () => {
    const { id } = screen.app.approvals.submit({ model: 'titanic/2', message: 'Simpler.' }, ada)
    screen.app.approvals.comment(
      id,
      { text: 'Why does the fare matter less?', kind: 'changes-requested', item: 'evidence/performance.json' },
      rex,
    )
    await screen.go(`/approvals/${id}`)
    await page.getByRole('heading', { name: 'titanic 2 replaces 1' }).waitFor()
    await page.getByText('asks for changes').waitFor()
    await page.getByText('On the same 891 rows').waitFor({ timeout: 120_000 })
    await screen.look('review')
  }, 180_000)

  test('slots are on the model’s page, with the way back', async () => {
    await screen.go('/models/titanic')
    await page.getByText('@production is version 1').or(page.getByText('@production')).first().waitFor()
    await screen.look('model-slots')
  })

  test('the whole way goes by keyboard', async () => {
    await screen.go('/approvals')
    await page.keyboard.press('g')
    await page.keyboard.press('v')
    const grid = page.getByRole('grid', { name: 'Submissions' })
    await grid.waitFor()
    await grid.getByRole('row').nth(1).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'titanic 2 replaces 1' }).waitFor()
  })

  test('a version’s page says where it stands, puts it into another slot, and takes the approval back', async () => {
    await screen.go('/models/titanic/1')
    await page.getByRole('link', { name: 'Its approval: Deployed' }).waitFor()
    await page.getByRole('button', { name: 'Approval', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Deploy to another slot…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Deploy' }).click()
    await page.getByText('@staging').first().waitFor()
    await screen.look('version-deployed')
    await page.getByRole('button', { name: 'Approval', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Revoke the approval…' }).click()
    await page.getByRole('textbox', { name: 'Why' }).fill('Wrong labels were found.')
    await screen.look('version-revoke')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('link', { name: 'Its approval: Revoked' }).waitFor()
    expect(standing('titanic/1').closed).toBe('revoked')
    expect(() => screen.app.deployments.assertServable('titanic@staging')).toThrow()
    await page.getByRole('link', { name: 'Its approval: Revoked' }).click()
    await page.getByText('Wrong labels were found.').waitFor()
  })

  test('nothing complained on the way', () => {
    expect(screen.problems).toEqual([])
  })
})
