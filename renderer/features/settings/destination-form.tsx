import { Checkbox, Group, MultiSelect, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DestinationOptions, EgressHost } from '../../../shared/domain/egress.ts'
import type { NotificationKind } from '../../../shared/domain/notifications.ts'
import { notificationKinds, notificationTitles } from '../../../shared/domain/notifications.ts'
import { useClient } from '../../api/client-context.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { placeOfDraft } from './destination-draft.ts'

type Kind = DestinationOptions['kind']

/** Sets up where notifications are sent. The host is named in so many words before anything may be sent there. */
export function DestinationForm({
  hosts,
  onClose,
}: {
  readonly hosts: readonly EgressHost[]
  readonly onClose: () => void
}) {
  const client = useClient()
  const queries = useQueryClient()
  const [kind, setKind] = useState<Kind>('email')
  const [fields, setFields] = useState({
    name: '',
    server: '',
    security: 'starttls',
    user: '',
    from: '',
    to: '',
    url: '',
    secret: '',
    store: 'keychain',
    passphrase: '',
  })
  const [kinds, setKinds] = useState<NotificationKind[]>([...notificationKinds])
  const [includesText, setIncludesText] = useState(false)
  const [allowed, setAllowed] = useState(false)
  const [isPrivate, setIsPrivate] = useState(false)
  const field = (key: keyof typeof fields) => ({
    value: fields[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setFields((before) => ({ ...before, [key]: value }))
    },
  })
  const place = placeOfDraft(kind, fields)
  const known = place && hosts.find(({ host, port }) => host === place.host && port === place.port)
  const save = useMutation({
    mutationFn: async () => {
      if (place && !known) await client.egress.allow({ ...place, privateAllowed: isPrivate })
      const common = { name: fields.name, kinds, includesText }
      const destination =
        kind === 'email'
          ? {
              kind,
              ...common,
              host: place?.host ?? '',
              port: place?.port ?? 0,
              security: fields.security as 'starttls',
              ...(fields.user === '' ? {} : { user: fields.user }),
              from: fields.from,
              to: fields.to.split(/[\s,;]+/).filter((address) => address !== ''),
            }
          : kind === 'slack'
            ? { kind, ...common }
            : { kind, ...common, url: fields.url }
      const secret = kind === 'slack' ? fields.url : fields.secret
      return client.egress.save({
        destination,
        ...(secret === '' ? {} : { secret }),
        keep:
          fields.store === 'passphrase'
            ? { store: 'passphrase', passphrase: fields.passphrase }
            : { store: 'keychain' },
      })
    },
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['egress'] }),
  })
  const hasSecret = kind === 'slack' || (kind === 'email' ? fields.user !== '' : fields.secret !== '')
  return (
    <FormDialog
      title="Add a destination"
      action="Add"
      size="lg"
      change={save}
      isReady={place !== null && (known !== undefined || allowed)}
      onClose={onClose}
    >
      <Select
        label="What it is"
        allowDeselect={false}
        data={[
          { value: 'email', label: 'E-mail' },
          { value: 'slack', label: 'A Slack channel, or a chat that understands the same' },
          { value: 'webhook', label: 'A web address of your own (webhook)' },
        ]}
        value={kind}
        onChange={(value) => setKind(value as Kind)}
      />
      <TextInput label="Name" description="As you will recognise it here" required data-autofocus {...field('name')} />
      {kind === 'email' && (
        <>
          <Group grow align="flex-start">
            <TextInput label="Mail server" placeholder="mail.example.org:587" required {...field('server')} />
            <Select
              label="Encryption"
              allowDeselect={false}
              data={[
                { value: 'starttls', label: 'STARTTLS (usual with port 587)' },
                { value: 'tls', label: 'TLS (usual with port 465)' },
                { value: 'none', label: 'None, only within the own network' },
              ]}
              value={fields.security}
              onChange={(security) => setFields((before) => ({ ...before, security: security ?? 'starttls' }))}
            />
          </Group>
          <Group grow align="flex-start">
            <TextInput label="User" description="Empty where the server asks for none" {...field('user')} />
            <PasswordInput label="Password" description="Kept as chosen below" {...field('secret')} />
          </Group>
          <TextInput label="From" placeholder="maestro@example.org" required {...field('from')} />
          <TextInput label="To" description="One address, or several with commas" required {...field('to')} />
        </>
      )}
      {kind === 'slack' && (
        <PasswordInput
          label="Address of the incoming webhook"
          description="Whoever has it can write there, so it is kept as a secret."
          placeholder="https://hooks.slack.com/services/…"
          required
          {...field('url')}
        />
      )}
      {kind === 'webhook' && (
        <>
          <TextInput label="Address" placeholder="https://hooks.example.org/maestro" required {...field('url')} />
          <PasswordInput
            label="Key to sign with"
            description="The receiver can verify what it gets with the same key (HMAC-SHA256). Empty: not signed."
            {...field('secret')}
          />
        </>
      )}
      <MultiSelect
        label="What is sent"
        data={notificationKinds.map((value) => ({ value, label: notificationTitles[value] }))}
        value={kinds}
        onChange={(value) => setKinds(value)}
        hidePickedOptions
      />
      <Switch
        label="Send comments and reasons along"
        description="Without: only what happened, to which version, and by whom"
        checked={includesText}
        onChange={(event) => setIncludesText(event.currentTarget.checked)}
      />
      {hasSecret && (
        <Select
          label="Where the secret is kept"
          allowDeselect={false}
          data={[
            { value: 'keychain', label: 'The system’s keychain' },
            { value: 'passphrase', label: 'In the workspace, under a passphrase' },
          ]}
          value={fields.store}
          onChange={(store) => setFields((before) => ({ ...before, store: store ?? 'keychain' }))}
        />
      )}
      {hasSecret && fields.store === 'passphrase' && (
        <PasswordInput
          label="Passphrase"
          description="12 characters or more; asked for each time that Maestro was opened anew"
          required
          minLength={12}
          {...field('passphrase')}
        />
      )}
      {place && !known && (
        <Stack gap="xs">
          <Checkbox
            label={`Maestro may connect to ${place.host}:${place.port}`}
            checked={allowed}
            onChange={(event) => setAllowed(event.currentTarget.checked)}
          />
          <Checkbox
            label="This is a server of our own network, or of this computer"
            checked={isPrivate}
            onChange={(event) => setIsPrivate(event.currentTarget.checked)}
          />
        </Stack>
      )}
    </FormDialog>
  )
}
