import { NumberInput, Select } from '@mantine/core'
import { roles } from '../../../shared/domain/permissions.ts'
import type { RiskTier } from '../../../shared/domain/policy.ts'
import { remindersOf } from '../../../shared/domain/policy.ts'

/** When people are reminded of a submission of the tier, and who hears of it when it is late. */
export function ReminderFields({
  tier,
  onChange,
}: {
  readonly tier: RiskTier
  readonly onChange: (tier: RiskTier) => void
}) {
  const { remindAt, escalateAt } = remindersOf(tier)
  const change = (changed: Partial<RiskTier['reminders']>) =>
    onChange({ ...tier, reminders: { remindAt, escalateAt, ...tier.reminders, ...changed } })
  const share = (
    label: string,
    description: string,
    value: number,
    limits: { readonly min: number; readonly max: number },
    set: (share: number) => void,
  ) => (
    <NumberInput
      label={label}
      description={description}
      suffix=" % of the time"
      allowDecimal={false}
      clampBehavior="blur"
      {...limits}
      value={Math.round(100 * value)}
      onChange={(percent) => typeof percent === 'number' && set(percent / 100)}
    />
  )
  return (
    <>
      {share('Remind after', 'And once more when the time is over', remindAt, { min: 1, max: 99 }, (to) =>
        change({ remindAt: to }),
      )}
      {share('Hand up after', 'When nobody has decided by then', escalateAt, { min: 100, max: 10_000 }, (to) =>
        change({ escalateAt: to }),
      )}
      <Select
        label="Hand up to"
        allowDeselect={false}
        data={[
          { value: 'next', label: 'the role above the highest asked for' },
          ...roles.map((role) => ({ value: role, label: role })),
          { value: 'nobody', label: 'nobody' },
        ]}
        value={tier.reminders?.escalateTo === null ? 'nobody' : (tier.reminders?.escalateTo ?? 'next')}
        onChange={(to) => change({ escalateTo: to === 'nobody' ? null : to === 'next' ? undefined : to })}
      />
    </>
  )
}
