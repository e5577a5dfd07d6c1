import type { DoctorCheck } from '../../../shared/domain/workspace.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Check } from './checks.ts'
import { checks } from './checks.ts'

export interface DoctorService {
  /** Looks at everything; takes a few seconds. */
  run(): Promise<{ ok: boolean; checks: DoctorCheck[] }>
  /** Does the repair that a check offers, and looks again. */
  mend(name: string): Promise<DoctorCheck>
}

export function createDoctorService(context: ServiceContext): DoctorService {
  async function lookAt(check: Check): Promise<DoctorCheck> {
    try {
      const { canMend, ...finding } = await check.look(context)
      return { name: check.name, ...finding, mend: canMend === true ? check.name : null }
    } catch (error) {
      context.logger.error({ err: error, check: check.name }, 'a check of the doctor failed')
      const detail = error instanceof Error ? error.message : String(error)
      return { name: check.name, ok: false, detail, hint: 'Look into the log.', mend: null }
    }
  }

  return {
    async run() {
      const found: DoctorCheck[] = []
      // One after another: they measure speed.
      for (const check of checks) found.push(await lookAt(check))
      return { ok: found.every(({ ok }) => ok), checks: found }
    },
    async mend(name) {
      context.assertWritable()
      const check = checks.find((candidate) => candidate.name === name)
      if (!check?.mend)
        throw new MaestroError('NOT_FOUND', `The doctor cannot mend "${name}".`, 'doctor shows what it can.')
      check.mend(context)
      return lookAt(check)
    },
  }
}
