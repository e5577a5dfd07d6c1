import type { ParityCertificate } from '../../shared/domain/training.ts'
import { MaestroError } from '../../shared/errors.ts'

/** What is thrown where an export does not do what its model does; `kept` says what became of it. */
export function parityFailed(parity: ParityCertificate, kept: string): MaestroError {
  return new MaestroError(
    'PARITY_FAILED',
    `The exported model differs from the trained one: ${parity.labelFlips} labels flip, the largest difference is ${parity.maxAbsDiff}.`,
    `This is a defect in Maestro; please report it. ${kept}`,
    { parity },
  )
}
