import { describe, expect, test } from 'vitest'
import { startHookServer } from '../fixtures/hook-server.ts'
import { hasChromium, screenFor } from './screen.ts'

const long = 'a name that is long enough to need a second line in the list of what somebody was told'

describe.skipIf(!hasChromium)('notifications in a real browser', () => {
  const stage = screenFor('notifications')

  test('what one was told is behind the bell, and where it is sent is set up by clicking', {
    timeout: 180_000,
  }, async () => {
    const { app, page, go, look, problems } = stage.screen
    const me = 'owner'
    const tell = (kind: 'approval-waiting' | 'overdue' | 'job-failed' | 'approval-decided', title: string, text = '') =>
      app.notifications.notify({ kind, actor: 'ada', title, text, href: '/approvals' }, [me])
    tell(
      'approval-decided',
      'titanic / 3 was approved by bob',
      'Better in every slice, and the card says what it is not for.',
    )
    tell('job-failed', `Failed: ${long}`, 'The file has no rows.')
    tell('overdue', 'churn / 12 should have been decided by now', 'It was to be decided by 2026-11-20 09:00 UTC.')
    tell('approval-waiting', 'churn / 13 waits for your approval')
    await page.getByRole('button', { name: 'Notifications, 4 unread' }).click()
    await page.getByRole('link', { name: 'churn / 13 waits for your approval' }).waitFor()
    await look('notifications-drawer')
    await page.getByRole('link', { name: 'churn / 13 waits for your approval' }).click()
    await page.getByRole('heading', { name: 'Approvals' }).waitFor()
    await page.getByRole('button', { name: 'Notifications, 3 unread' }).waitFor()

    await go('/settings/notifications')
    await page.getByText('Nothing leaves this computer').waitFor()
    await look('notifications-settings-off')

    const server = await startHookServer()
    try {
      await page.getByRole('button', { name: 'Add a destination' }).click()
      await page.getByRole('dialog').getByRole('combobox', { name: 'What it is' }).click()
      await page.getByRole('option', { name: /web address/ }).click()
      await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Risk office')
      await page.getByRole('dialog').getByRole('textbox', { name: 'Address' }).fill(server.url)
      const add = page.getByRole('dialog').getByRole('button', { name: 'Add' })
      expect(await add.isDisabled()).toBe(true)
      await page.getByRole('checkbox', { name: /Maestro may connect to/ }).check()
      await page.getByRole('checkbox', { name: /our own network/ }).check()
      await look('notifications-destination')
      await add.click()
      await page.getByRole('cell', { name: 'Risk office' }).waitFor()
      await page.getByRole('switch', { name: /Send notifications to the destinations/ }).click({ force: true })
      await page.getByText('Notifications may leave, for the destinations below').waitFor()
      await page.getByRole('button', { name: 'Send a trial' }).click()
      await page.getByText('The trial message was sent to Risk office.').waitFor()
      expect(server.received).toHaveLength(1)
      server.answerWith(410)
      await page.getByRole('button', { name: 'Send a trial' }).click()
      await page.getByText('The trial message was not sent').waitFor()
      await look('notifications-settings-on')
    } finally {
      await server.close()
    }
    expect(problems).toEqual([])
  })
})
