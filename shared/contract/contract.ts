import { approvalsContract } from './approvals-contract.ts'
import { auditContract } from './audit-contract.ts'
import { cardsContract } from './cards-contract.ts'
import { datasetsContract } from './datasets-contract.ts'
import { evidenceContract } from './evidence-contract.ts'
import { identitiesContract } from './identities-contract.ts'
import { modelsContract } from './models-contract.ts'
import { reviewsContract } from './reviews-contract.ts'
import { signaturesContract } from './signatures-contract.ts'
import { trainingContract } from './training-contract.ts'
import { workspaceContract } from './workspace-contract.ts'

/** Every use case, once. Each face (window, browser, command line, REST) is derived from it. */
export const contract = {
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
  ...evidenceContract,
}
