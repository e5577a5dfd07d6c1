import { Box, Button, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Identity } from '../../../shared/domain/identities.ts'
import { useClient } from '../../api/client-context.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Digest, RelativeTime, StatusBadge } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { EmptyState, Loaded } from '../../ui/states.tsx'
import { tellFailure } from '../../ui/tell-failure.ts'
import { AddPerson } from './add-person.tsx'
import { OwnKey } from './own-key.tsx'
import { PersonData } from './person-data.tsx'

/** Who may act in this workspace, with their roles and signing keys. */
export function PeoplePage() {
  const client = useClient()
  const queries = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set())
  const [revoking, setRevoking] = useState(false)
  const [reason, setReason] = useState('')
  const people = useQuery({ queryKey: ['identities'], queryFn: () => client.identities.list() })
  const chosen = (people.data?.identities ?? []).filter(({ id }) => selection.has(id))
  const revoke = useMutation({
    mutationFn: async () => {
      for (const { name } of chosen) await client.identities.revoke({ name, reason })
    },
    onError: tellFailure(),
    onSettled: () => {
      setRevoking(false)
      setSelection(new Set())
      return queries.invalidateQueries({ queryKey: ['identities'] })
    },
  })
  const [onlyOne] = chosen.length === 1 ? chosen : []
  const names = chosen.map(({ name }) => name).join(', ')
  return (
    <>
      <PageHead title="People and keys" actions={<Button onClick={() => setAdding(true)}>Add a person</Button>} />
      <Box mb="md">
        <OwnKey />
      </Box>
      <Loaded query={people}>
        {({ identities }) =>
          identities.length === 0 ? (
            <EmptyState title="Nobody has a key yet">
              You are the owner of this workspace; your key is made when you first sign. Add the others here.
            </EmptyState>
          ) : (
            <DataTable
              label="People"
              view="people"
              rows={identities}
              rowKey={({ id }) => id}
              rowName={({ name }) => name}
              selection={selection}
              onSelect={setSelection}
              bulkActions={
                <>
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={chosen.some(({ isOwner, revokedAt }) => isOwner || revokedAt !== null)}
                    title="The owner, and who is revoked already, cannot be revoked"
                    onClick={() => setRevoking(true)}
                  >
                    Revoke…
                  </Button>
                  {onlyOne && (
                    <PersonData
                      name={onlyOne.name}
                      isOwner={onlyOne.isOwner}
                      onErased={() => setSelection(new Set())}
                    />
                  )}
                </>
              }
              columns={columns}
              height={560}
            />
          )
        }
      </Loaded>
      {revoking && (
        <FormDialog
          title={`Revoke ${names}?`}
          action="Revoke"
          dismiss="Keep"
          color="red"
          change={revoke}
          onClose={() => setRevoking(false)}
        >
          <Text size="sm">They can no longer act or sign, from now on. What they signed before stands.</Text>
          <TextInput label="Reason" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        </FormDialog>
      )}
      {adding && <AddPerson onClose={() => setAdding(false)} />}
    </>
  )
}

const columns = [
  { key: 'name', title: 'Name', value: ({ name }: Identity) => name, width: 200 },
  {
    key: 'role',
    title: 'Role',
    value: ({ role, isOwner }: Identity) => (isOwner ? `${role} (owner)` : role),
    width: 170,
  },
  {
    key: 'key',
    title: 'Key',
    value: ({ fingerprint }: Identity) => fingerprint,
    render: ({ fingerprint }: Identity) => (fingerprint === null ? 'none' : <Digest value={fingerprint} />),
    width: 180,
  },
  {
    key: 'store',
    title: 'Private key',
    value: ({ keys, fingerprint }: Identity) => {
      const store = keys.find((key) => key.fingerprint === fingerprint)?.store
      return store === undefined ? '' : store === 'keychain' ? 'in the keychain' : 'under a passphrase'
    },
    width: 160,
  },
  {
    key: 'created',
    title: 'Since',
    value: ({ createdAt }: Identity) => createdAt,
    render: ({ createdAt }: Identity) => <RelativeTime time={createdAt} />,
    width: 140,
  },
  {
    key: 'state',
    title: 'State',
    value: ({ revokedAt }: Identity) => (revokedAt === null ? 'Active' : 'Revoked'),
    render: ({ revokedAt }: Identity) => <StatusBadge status={revokedAt === null ? 'Active' : 'Revoked'} />,
    width: 130,
  },
]
