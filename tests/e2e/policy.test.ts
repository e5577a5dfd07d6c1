import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { registerStump } from '../fixtures/registered-stump.ts'
import { hasChromium, screenFor } from './screen.ts'

describe.skipIf(!hasChromium)('a package and the policy in a real browser', () => {
  const stage = screenFor('policy', ({ app }) => {
    app.approvals.submit(
      { model: registerStump(app, 'titanic', 'ada'), tier: 'low' },
      { name: 'ada', role: 'engineer' },
    )
  })

  test('a package that is dropped on the window is checked, with the log of who sent it', async () => {
    const { app, page } = stage.screen
    const self = app.identities.actorOf(undefined)
    const passphrase = 'correct horse battery'
    await app.identities.createOwner(self, { store: 'passphrase', passphrase })
    await app.identities.unlock(app.identities.actorOf(undefined), passphrase)
    const file = join(stage.folder, 'titanic-1.maestro')
    await app.reviews.export('titanic/1', { out: file, rows: 0 }, app.identities.actorOf(undefined))
    await page.evaluate((content) => {
      const data = new DataTransfer()
      const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))
      data.items.add(new File([bytes], 'titanic-1.maestro'))
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))
    }, readFileSync(file).toString('base64'))
    await page.getByText('A submission from elsewhere').waitFor()
    await page.getByText(/entries of the audit log of who sent it hold/).waitFor()
    await page.getByText(/What was done with it before/).click()
    await page.getByText(/ada froze what was sent for approval/).waitFor()
    await stage.screen.look('package')
    await page.getByRole('button', { name: 'Close' }).click()
  })

  test('the policy is one document in the form and in the text, and shows what changes before it is put into force', async () => {
    const { page } = stage.screen
    await stage.screen.go('/policy')
    await page.getByText('It is the one that ships.').waitFor()
    await stage.screen.look('policy-form')
    const low = page.getByRole('group', { name: 'low' })
    await low.getByLabel('How many people have to approve').fill('2')
    await page.getByText('As text (YAML)').click()
    const text = page.getByLabel('The policy as text')
    await text.waitFor()
    const yaml = await text.inputValue()
    expect(yaml).toMatch(/low:\n(.*\n)*? +quorum: 2/)
    await text.fill(yaml.replace('quorum: 2', 'quorum: 0'))
    await page.getByRole('button', { name: 'Look at the changes…' }).click()
    await page.getByText(/tiers\.low\.quorum/).waitFor()
    await text.fill(yaml)
    await page.getByText('As a form').click()
    await low.getByLabel('How many people have to approve').waitFor()
    await page.getByRole('button', { name: 'Look at the changes…' }).click()
    await page.getByText('1 open submission stands otherwise by it').waitFor()
    await page.getByText(/titanic \/ 1/).waitFor()
    await stage.screen.look('policy-changes')
    await page.getByRole('button', { name: 'Put into force' }).click()
    await page.getByText(/Set by/).waitFor()
    expect(stage.screen.app.policies.inForce().policy.tiers.low?.quorum).toBe(2)
    expect(stage.screen.problems).toEqual([])
  })
})
