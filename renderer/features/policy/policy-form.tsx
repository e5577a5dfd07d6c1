import { Button, Group, Select, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Policy, RiskTier } from '../../../shared/domain/policy.ts'
import { TierFields } from './tier-fields.tsx'

/** A tier that asks for one approver and nothing else, to start from. */
const newTier: RiskTier = {
  description: '',
  quorum: 1,
  roles: ['approver'],
  evidence: ['parity or quarantine'],
  evidenceMaxDays: null,
  submissionMaxDays: 30,
  approvalMaxDays: 365,
}

/** The whole policy as fields. What is not allowed is said when the changes are looked at. */
export function PolicyForm({
  value,
  onChange,
}: {
  readonly value: Policy
  readonly onChange: (policy: Policy) => void
}) {
  const [name, setName] = useState('')
  const names = Object.keys(value.tiers)
  const isNameTaken = names.includes(name.trim())
  const setTier = (tierName: string, tier: RiskTier | null) =>
    onChange({
      ...value,
      tiers: Object.fromEntries(
        Object.entries({ ...value.tiers, ...(tier ? { [tierName]: tier } : {}) }).filter(
          ([each]) => tier !== null || each !== tierName,
        ),
      ),
    })
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 3 }} className="card">
        <Select
          label="Usual tier"
          description="Of a submission that names none"
          allowDeselect={false}
          data={names}
          value={value.defaultTier}
          onChange={(tier) => tier && onChange({ ...value, defaultTier: tier })}
        />
        <TagsInput
          label="Slots open to trials"
          description="Filled without an approval"
          value={value.openSlots}
          onChange={(openSlots) => onChange({ ...value, openSlots })}
        />
        <TagsInput
          label="Protected aliases"
          description="Only approved versions may have them"
          value={value.protectedAliases}
          onChange={(protectedAliases) => onChange({ ...value, protectedAliases })}
        />
      </SimpleGrid>
      {Object.entries(value.tiers).map(([tierName, tier]) => (
        <TierFields
          key={tierName}
          name={tierName}
          tier={tier}
          isDefault={tierName === value.defaultTier}
          onChange={(changed) => setTier(tierName, changed)}
          onRemove={() => setTier(tierName, null)}
        />
      ))}
      <Group align="end">
        <TextInput
          label="Another tier"
          placeholder="such as: critical"
          value={name}
          error={isNameTaken ? 'There is a tier of this name' : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={name.trim() === '' || isNameTaken}
          onClick={() => {
            setTier(name.trim(), newTier)
            setName('')
          }}
        >
          Add the tier
        </Button>
      </Group>
    </Stack>
  )
}
