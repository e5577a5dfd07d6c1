import { Button, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useClient } from '../../api/client-context.tsx'
import { StatusBadge } from '../../ui/numbers.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { Loaded } from '../../ui/states.tsx'
import { DamageCard } from './damage-card.tsx'

/** Each part of the installation with its value, what is wrong, and what mends it. */
export function DoctorPage() {
  const client = useClient()
  const queries = useQueryClient()
  const doctor = useQuery({ queryKey: ['doctor'], queryFn: () => client.doctor.run() })
  const mend = useMutation({
    mutationFn: (name: string) => client.doctor.mend({ name }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['doctor'] }),
  })
  return (
    <>
      <PageHead
        title="Doctor"
        actions={
          <Button variant="default" loading={doctor.isFetching} onClick={() => void doctor.refetch()}>
            Check again
          </Button>
        }
      />
      <DamageCard />
      <Loaded query={doctor}>
        {({ checks }) => (
          <Table aria-label="Checks" className="card">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Part</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Found</Table.Th>
                <Table.Th w={90}>Do</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {checks.map(({ name, ok, detail, hint, mend: canMend }) => (
                <Table.Tr key={name}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>
                    <StatusBadge status={ok ? 'ok' : 'error'} />
                  </Table.Td>
                  <Table.Td>
                    {detail}
                    {hint !== '' && (
                      <Text size="xs" c="dimmed">
                        {hint}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    {canMend && !ok && (
                      <Button size="compact-xs" onClick={() => mend.mutate(canMend)}>
                        Mend
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
    </>
  )
}
