import { approvalsContract } from './approvals-contract.ts'
import { auditContract } from './audit-contract.ts'
import { cardsContract } from './cards-contract.ts'
import { datasetsContract } from './datasets-contract.ts'
import { egressContract } from './egress-contract.ts'
import { evidenceContract } from './evidence-contract.ts'
import { identitiesContract } from './identities-contract.ts'
import { modelsContract } from './models-contract.ts'
import { notificationsContract } from './notifications-contract.ts'
import { reviewsContract } from './reviews-contract.ts'
import { signaturesContract } from './signatures-contract.ts'
import { trainingContract } from './training-contract.ts'
import { workspaceContract } from './workspace-contract.ts'

/** By name: written out, the type of all procedures is longer than the compiler writes into a declaration. */
type Contract = typeof workspaceContract &
  typeof datasetsContract &
  typeof trainingContract &
  typeof modelsContract &
  typeof cardsContract &
  typeof approvalsContract &
  typeof reviewsContract &
  typeof identitiesContract &
  typeof auditContract &
  typeof signaturesContract &
  typeof notificationsContract &
  typeof egressContract &
  typeof evidenceContract

/** Every use case, once. Each face (window, browser, command line, REST) is derived from it. */
export const contract: Contract = {
  ...workspaceContract,
  ...datasetsContract,
  ...trainingContract,
  ...modelsContract,
  ...cardsContract,
  ...approvalsContract,
  ...reviewsContract,
  ...identitiesContract,
  ...auditContract,
  ...signaturesContract,
  ...notificationsContract,
  ...egressContract,
  ...evidenceContract,
}
