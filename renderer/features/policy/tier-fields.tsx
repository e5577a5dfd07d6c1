import { Button, Fieldset, Group, NumberInput, SimpleGrid, TagsInput, TextInput } from '@mantine/core'
import { roles } from '../../../shared/domain/permissions.ts'
import type { RiskTier } from '../../../shared/domain/policy.ts'
import { ReminderFields } from './reminder-fields.tsx'

/** Kinds of evidence that Maestro makes; others may be named too. */
const evidenceKinds = [
  'parity',
  'parity or quarantine',
  'performance',
  'explanation',
  'importance',
  'profile',
  'card',
  'recipe',
  'rebuild',
]

/** What a tier of risk asks for. */
export function TierFields({
  name,
  tier,
  isDefault,
  onChange,
  onRemove,
}: {
  readonly name: string
  readonly tier: RiskTier
  readonly isDefault: boolean
  readonly onChange: (tier: RiskTier) => void
  readonly onRemove: () => void
}) {
  const days = (
    label: string,
    description: string,
    field: 'evidenceMaxDays' | 'submissionMaxDays' | 'approvalMaxDays',
  ) => (
    <NumberInput
      label={label}
      description={description}
      suffix=" days"
      placeholder="No limit"
      min={0}
      max={36_500}
      value={tier[field] ?? ''}
      onChange={(value) => onChange({ ...tier, [field]: typeof value === 'number' ? value : null })}
    />
  )
  return (
    <Fieldset legend={isDefault ? `${name} (the usual one)` : name}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <TextInput
          label="When to choose it"
          value={tier.description}
          onChange={(event) => onChange({ ...tier, description: event.currentTarget.value })}
        />
        <NumberInput
          label="How many people have to approve"
          min={1}
          max={20}
          allowDecimal={false}
          value={tier.quorum}
          onChange={(value) => onChange({ ...tier, quorum: typeof value === 'number' ? value : 1 })}
        />
        <TagsInput
          label="Roles that must be among them"
          description="Each by a person of its own; name a role twice to ask for two"
          data={[...roles]}
          allowDuplicates
          value={tier.roles}
          onChange={(value) => onChange({ ...tier, roles: value as RiskTier['roles'] })}
        />
        <TagsInput
          label="Evidence that must be there"
          description="Write “parity or quarantine” where one of the two is enough"
          data={evidenceKinds}
          value={tier.evidence}
          onChange={(value) => onChange({ ...tier, evidence: value })}
        />
        {days('Evidence is fresh for', 'Older evidence cannot be decided on', 'evidenceMaxDays')}
        {days('A submission waits for', 'Then it expires', 'submissionMaxDays')}
        {days('An approval holds for', 'Then it has to be approved again', 'approvalMaxDays')}
        <ReminderFields tier={tier} onChange={onChange} />
      </SimpleGrid>
      {!isDefault && (
        <Group justify="flex-end" mt="sm">
          <Button variant="default" size="compact-sm" onClick={onRemove}>
            Remove the tier {name}
          </Button>
        </Group>
      )}
    </Fieldset>
  )
}
