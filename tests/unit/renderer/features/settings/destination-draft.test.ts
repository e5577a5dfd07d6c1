import { expect, test } from 'vitest'
import { placeOfDraft } from '../../../../../renderer/features/settings/destination-draft.ts'

test.each([
  ['email', 'Mail.example.org:587', { host: 'mail.example.org', port: 587 }],
  ['email', '[::1]:25', { host: '::1', port: 25 }],
  ['email', 'mail.example.org', null],
  ['email', 'mail.example.org:70000', null],
  ['slack', 'https://hooks.example.org/services/x', { host: 'hooks.example.org', port: 443 }],
  ['webhook', 'http://[fd00::1]:8080/x', { host: 'fd00::1', port: 8080 }],
  ['webhook', 'http://chat.intern/x', { host: 'chat.intern', port: 80 }],
  ['webhook', 'file:///etc/hosts', null],
  ['webhook', 'https:', null],
] as const)('%s: %s', (kind, text, expected) => {
  expect(placeOfDraft(kind, { server: text, url: text })).toEqual(expected)
})
