import * as z from 'zod'
import { approvalStates } from './approval-states.ts'
import type { Role } from './permissions.ts'
import { roles } from './permissions.ts'
import { id } from './values.ts'

/** A kind of evidence, or several of which one is enough: `parity or quarantine`. */
const evidenceKinds = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9-]*( or [a-z][a-z0-9-]*)*$/, 'evidence is named like: performance, or: parity or quarantine')

const days = z.number().positive().max(36_500)

/** Shares of the time in which a submission is to be decided: 0.75 is after three quarters, 1.5 when half as much has passed again. */
const reminderRules = z.strictObject({
  /** When those who may decide are reminded. They are once more when the time is over. */
  remindAt: z.number().gt(0).lt(1).default(0.75),
  /** When it is handed up to the next role. */
  escalateAt: z.number().min(1).max(100).default(1.5),
  /** Who then hears of it; null for nobody. Without it: the role above the highest that the tier asks for. */
  escalateTo: z.enum(roles).nullable().optional(),
})

/** What a tier of risk asks before a version may be used. */
const riskTier = z
  .strictObject({
    /** When to choose it. */
    description: z.string().max(1_000).default(''),
    /** How many different people must approve. */
    quorum: z.int().min(1).max(20).default(1),
    /** Roles that must be among those who approve, each by a person of its own. Their signatures count towards the quorum. */
    roles: z.array(z.enum(roles)).max(20).default(['approver']),
    /** What a version must have with it to be submitted. */
    evidence: z.array(evidenceKinds).max(50).default([]),
    /** Days after which evidence is too old to decide on; null for never. */
    evidenceMaxDays: days.nullable().default(null),
    /** Days within which a submission is to be decided; null for ever. */
    submissionMaxDays: days.nullable().default(30),
    /** Days for which an approval holds; null for ever. */
    approvalMaxDays: days.nullable().default(365),
    /** When people are reminded. Without it: after three quarters of the time, at its end, and handed up half of it later. */
    reminders: reminderRules.optional(),
  })
  .refine(({ quorum, roles: needed }) => needed.length <= quorum, {
    error: 'more roles are asked for than people (quorum)',
    path: ['roles'],
  })

const label = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'lower-case letters, digits, dots and dashes')

/**
 * Who must agree to what, in the words of the file that it is written in. That nobody decides on what he has submitted
 * himself is not among them: it always holds.
 */
export const policy = z
  .strictObject({
    version: z.literal(1),
    /** The tier of a submission that names none. */
    defaultTier: label,
    tiers: z.record(label, riskTier),
    /** Slots that a version may be deployed to without an approval, for trials. Every other slot needs one. */
    openSlots: z.array(label).max(50).default([]),
    /** Aliases that only approved versions may have. One that a slot gave is moved by deploy and rollback alone, listed or not. */
    protectedAliases: z.array(label).max(50).default([]),
  })
  .refine(({ tiers, defaultTier }) => Object.hasOwn(tiers, defaultTier), {
    error: 'the default tier is not among the tiers',
    path: ['defaultTier'],
  })

/** A submission that stands otherwise under another policy. */
export const affectedApproval = z.object({
  id,
  model: z.string(),
  version: z.int(),
  state: z.enum(approvalStates),
  tier: z.string(),
  /** In words, each a requirement. */
  becomes: z.array(z.string()),
})

export type Policy = z.infer<typeof policy>
export type AffectedApproval = z.infer<typeof affectedApproval>
export type RiskTier = z.infer<typeof riskTier>

/** When a tier reminds, with what it leaves open filled in. */
export function remindersOf({ reminders, roles: asked }: RiskTier): {
  readonly remindAt: number
  readonly escalateAt: number
  readonly escalateTo: Role | null
} {
  const { remindAt, escalateAt, escalateTo } = reminders ?? reminderRules.parse({})
  const highest = Math.max(...(asked.length === 0 ? (['approver'] as const) : asked).map((role) => roles.indexOf(role)))
  return { remindAt, escalateAt, escalateTo: escalateTo === undefined ? (roles[highest + 1] ?? null) : escalateTo }
}

/** In force until an administrator sets another one. */
export const defaultPolicy: Policy = policy.parse({
  version: 1,
  defaultTier: 'medium',
  tiers: {
    low: {
      description: 'Trials, and decisions that a person takes anyway.',
      evidence: ['parity or quarantine'],
      approvalMaxDays: null,
    },
    medium: {
      description: 'Decisions about money or goods that can be undone.',
      evidence: ['parity', 'performance', 'explanation', 'profile'],
      evidenceMaxDays: 180,
    },
    high: {
      description: 'Decisions about people, or that cannot be undone.',
      quorum: 2,
      roles: ['approver'],
      evidence: ['parity', 'performance', 'explanation', 'importance', 'profile', 'card'],
      evidenceMaxDays: 90,
      submissionMaxDays: 14,
      approvalMaxDays: 180,
    },
  },
})
