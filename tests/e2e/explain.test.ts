import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maestro } from '../fixtures/run-maestro.ts'
import { freshFolder, hasChromium, launchChromium, openScreen, type Screen } from './screen.ts'

describe.skipIf(!hasChromium)('explanations in a real browser', () => {
  const folder = freshFolder('explain')
  let browser: Browser
  let screen: Screen
  let page: Page
  const look = (name: string) => screen.look(name)

  beforeAll(async () => {
    for (const [name, target] of [
      ['titanic', 'survived'],
      ['iris', 'species'],
    ] as const) {
      const table = resolve('resources', 'samples', `${name}.csv`)
      const search = ['--target', target, '--trials', '2', '--budget', '60', '--seed', '1', '--register', name]
      const { exitCode, stderr } = await maestro(folder, 'automl', table, ...search)
      expect([exitCode, stderr]).toEqual([0, expect.anything()])
    }
    browser = await launchChromium()
    screen = await openScreen(browser, folder)
    page = screen.page
    await screen.go('/models/titanic/1')
    await page.getByRole('tab', { name: 'Explain' }).click()
    await page.getByText('of what moves this model').waitFor()
  }, 120_000)

  afterAll(async () => {
    await screen.close()
    await browser.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  })

  /** Chooses a part of the tab and waits until its charts are painted. */
  async function choose(part: string, charts: number): Promise<void> {
    await page.getByText(part, { exact: true }).click()
    if (charts > 0) {
      await page
        .locator('canvas')
        .nth(charts - 1)
        .waitFor()
    }
  }

  test('all rows: what drives it, in a sentence', async () => {
    await page.locator('canvas').nth(2).waitFor()
    await look('explain-all')
  })

  test('one row: why, what would have to change, and how it differs from others', async () => {
    await choose('One row', 2)
    await page
      .getByText(/explains? \d+% of this score/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Keep to compare' }).click()
    await page.getByRole('textbox', { name: 'Row', exact: true }).fill('17')
    await page.getByRole('button', { name: 'Keep to compare' }).click()
    await page.getByText('parts these rows most').waitFor()
    await page.getByRole('button', { name: 'Find changes' }).click()
    await page.getByRole('table', { name: 'Rows most like it' }).waitFor()
    await page.getByText(/it would be|makes it/).waitFor()
    await look('explain-one-row')
  })

  test('one column: dependence, local effects, and the column that it acts with', async () => {
    await choose('One column', 2)
    await page.getByText('On average the prediction').waitFor()
    await look('explain-column')
    await page.getByRole('combobox', { name: 'Column', exact: true }).click()
    await page.getByRole('option', { name: 'age' }).click()
    await page.getByText('Move rows a little').click()
    await page.getByText(/Along age, from/).waitFor()
    await page.getByRole('combobox', { name: 'Together with' }).click()
    await page.getByRole('option', { name: 'sex' }).click()
    await page.getByText(/what age and sex do jointly/i).waitFor()
    await page.locator('canvas').nth(2).waitFor()
  })

  test('columns together: a small tree, which act together, which say the same', async () => {
    await choose('Columns together', 3)
    await page.getByText('This tree, which asks for').waitFor()
    await page
      .getByText(/act together/)
      .first()
      .waitFor()
    await look('explain-together')
  })

  test('what if: a moved slider changes score and waterfall, and can be taken back', async () => {
    await choose('What if', 1)
    const card = page.locator('[data-what-if]')
    const before = await card.getAttribute('data-what-if')
    const slider = page.getByRole('slider', { name: 'fare' })
    await slider.focus()
    for (let step = 0; step < 10; step++) await page.keyboard.press('ArrowRight')
    await page.getByText('from the start').waitFor()
    expect(await card.getAttribute('data-what-if')).not.toBe(before)
    await page.getByText(/^exact \(/).waitFor()
    await look('explain-what-if')
    await page.getByRole('button', { name: 'Start again' }).click()
    await page.getByText('from the start').waitFor({ state: 'hidden' })
  })

  test('stability: other ways of explaining are held against each other', async () => {
    await choose('Stability', 0)
    await page.getByRole('table', { name: 'Ways of explaining' }).waitFor()
    await look('explain-stability')
  })

  test('in plain words: one page without the names of methods, remembered until the details are asked for', async () => {
    const toggle = page.getByRole('switch', { name: 'In plain words' })
    await toggle.check({ force: true })
    await page.getByText('matters most').waitFor()
    await page.getByRole('textbox', { name: 'Look at row' }).fill('17')
    await page.getByText(/Why row 17 is answered/).waitFor()
    await page.getByText(/You can rely on this order|Read this with care/).waitFor()
    await page.locator('[data-what-if]').waitFor()
    await page.locator('canvas').nth(3).waitFor()
    expect(await page.getByRole('tabpanel').innerText()).not.toMatch(/shap|lime|coalition|sampling|R²|counterfactual/i)
    await look('explain-plain')
    await page.locator('[data-what-if]').scrollIntoViewIfNeeded()
    await look('explain-plain-row')
    await page.reload()
    await page.getByRole('tab', { name: 'Explain' }).click()
    await page.getByText('matters most').waitFor()
    await page.getByRole('button', { name: 'Show the details' }).click()
    await page.getByText('All rows', { exact: true }).waitFor()
  })

  test('every chart can be read as a table and taken away', async () => {
    await choose('Columns together', 3)
    const menus = page.getByRole('button', { name: /^Menu of/ })
    expect(await menus.count()).toBe(3)
    for (const format of ['Save PNG', 'Save SVG', 'Save CSV']) {
      const download = page.waitForEvent('download')
      await menus.first().click()
      await page.getByRole('menuitem', { name: format }).click()
      expect((await download).suggestedFilename()).toMatch(/^This tree.*\.(png|svg|csv)$/)
    }
    await menus.first().click()
    await page.getByRole('menuitem', { name: 'Show as table' }).click()
    await page.getByRole('columnheader', { name: 'question' }).waitFor()
  })

  test('several classes have a choice of class everywhere', async () => {
    await screen.go('/models/iris/1')
    await page.getByRole('tab', { name: 'Explain' }).click()
    await page.getByText('of what moves this model').waitFor()
    await choose('One column', 2)
    await page.getByRole('combobox', { name: 'Class' }).click()
    await page.getByRole('option', { name: 'virginica' }).click()
    await page
      .getByText('What petal_width adds, row by row')
      .or(page.getByText('What petal_length adds, row by row'))
      .waitFor()
  })

  test('two versions are explained side by side', async () => {
    await screen.go('/compare-versions?a=titanic%2F1&b=iris%2F1')
    await page.getByText('What drives them, side by side').waitFor()
    await page.locator('canvas').nth(2).waitFor()
    await page.getByText('What drives them, side by side').scrollIntoViewIfNeeded()
    await look('explain-side-by-side')
  })

  test('nothing broke the policy or complained on the way', () => {
    expect(screen.problems).toEqual([])
  })
})
