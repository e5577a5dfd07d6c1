import { describe, expect, test } from 'vitest'
import { hasChromium, screenFor } from './screen.ts'

describe.skipIf(!hasChromium)('people and the audit log in a real browser', () => {
  const stage = screenFor('trust')

  test('a person is added with a key under a passphrase, and revoked', async () => {
    const { page } = stage.screen
    await stage.screen.go('/people')
    await page.getByRole('heading', { name: 'Nobody has a key yet' }).waitFor()
    await page.getByRole('button', { name: 'Add a person' }).click()
    await page.getByLabel('Name').fill('Nora Novak')
    await page.getByRole('combobox', { name: 'Where the private key goes' }).click()
    await page.getByRole('option', { name: 'In the workspace, under a passphrase' }).click()
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('correct horse battery')
    await stage.screen.look('people-add')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const people = page.getByRole('grid', { name: 'People' })
    await people.getByText('Nora Novak').waitFor()
    await people.getByText('under a passphrase').waitFor()
    await stage.screen.look('people')
    await page.getByRole('checkbox', { name: /Nora Novak/ }).click()
    await page.getByRole('button', { name: 'Revoke…' }).click()
    await page.getByLabel('Reason').fill('left')
    await page.getByRole('button', { name: 'Revoke', exact: true }).click()
    await people.getByText('Revoked').waitFor()
  })

  test('the owner makes a key, writes its recovery phrase down, ends it, and cannot bring it back', async () => {
    const { page } = stage.screen
    await stage.screen.go('/people')
    const own = page.getByRole('region', { name: 'Your key' })
    await own.getByRole('button', { name: 'Make a key…' }).click()
    await page.getByRole('combobox', { name: 'Where the private key goes' }).click()
    await page.getByRole('option', { name: 'In the workspace, under a passphrase' }).click()
    await page.getByRole('textbox', { name: 'Passphrase' }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Make the key' }).click()
    // Though it was made a moment ago, its passphrase is asked for again.
    await page.getByRole('button', { name: 'Show it' }).click()
    await page.getByLabel('Passphrase of your key').fill('correct horse battery')
    await page.getByRole('button', { name: 'Show it' }).click()
    const phrase = (await page.getByLabel('Recovery phrase', { exact: true }).textContent()) ?? ''
    expect(phrase.trim().split(/\s+/)).toHaveLength(16)
    await stage.screen.look('people-phrase')
    await page.getByLabel('I have written it down').check()
    await page.getByRole('button', { name: 'Done' }).click()
    await own.getByText('under a passphrase').waitFor()
    await stage.screen.look('people-key')
    await own.getByRole('button', { name: 'End…' }).click()
    await page.getByRole('button', { name: 'End the key' }).click()
    await own.getByText('All your keys were ended').waitFor()
    await own.getByRole('button', { name: 'Restore…' }).click()
    await page.getByRole('textbox', { name: 'Recovery phrase' }).fill(phrase)
    await page.getByRole('button', { name: 'Restore', exact: true }).click()
    await page.getByText('This key was ended').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
  })

  test('a checkpoint is signed for a witness', async () => {
    const { page } = stage.screen
    await stage.screen.go('/audit')
    await page.getByRole('button', { name: 'Sign a checkpoint…' }).click()
    await page.getByRole('button', { name: 'Sign', exact: true }).click()
    const passphrase = page.getByLabel('Passphrase of the log’s key')
    const note = page.getByLabel('Checkpoint', { exact: true })
    await passphrase.or(note).waitFor()
    // Where the machine has no keychain.
    if (await passphrase.isVisible()) {
      await passphrase.fill('correct horse battery')
      await page.getByRole('button', { name: 'Sign', exact: true }).click()
    }
    await note.waitFor()
    await stage.screen.look('audit-checkpoint')
    await page.getByRole('button', { name: 'Close' }).click()
  })

  test('the log shows it, filters it, and verifies', async () => {
    const { page } = stage.screen
    await stage.screen.go('/audit')
    const log = page.getByRole('grid', { name: 'Audit log' })
    await log.getByText('made an identity').waitFor()
    await page.getByRole('button', { name: 'Verify now' }).click()
    await page.getByText(/The log is whole: \d+ entries/).waitFor()
    await stage.screen.look('audit')
    await page.getByLabel('Person').fill('nobody')
    await page.getByRole('heading', { name: 'Nothing to show' }).waitFor()
    expect(stage.screen.problems).toEqual([])
  })
})
