import type { Requirement } from '../../../shared/domain/check-policy.ts'
import { MaestroError } from '../../../shared/errors.ts'

/** Throws POLICY_REFUSED naming everything that is not met. `what` is what was wanted: "Deploying titanic / 3". */
export function refuseByPolicy(what: string, requirements: readonly Requirement[]): void {
  const unmet = requirements.filter(({ met }) => !met)
  if (unmet.length === 0) return
  throw new MaestroError(
    'POLICY_REFUSED',
    `${what} is refused: ${unmet.map((each) => `${each.what} (${each.detail.replace(/\.$/, '')})`).join('; ')}.`,
    'Provide what is missing. maestro policy show prints the rules.',
    { requirements },
  )
}
