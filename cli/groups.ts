import type { CommandGroup } from './command.ts'
import { approvals } from './commands/approvals.ts'
import { audit } from './commands/audit.ts'
import { automl } from './commands/automl.ts'
import { backup } from './commands/backup.ts'
import { data } from './commands/data.ts'
import { dependence } from './commands/dependence.ts'
import { deploy, rollback } from './commands/deploy.ts'
import { doctor } from './commands/doctor.ts'
import { egress } from './commands/egress.ts'
import { explain } from './commands/explain.ts'
import { identity, keys } from './commands/identity.ts'
import { importance } from './commands/importance.ts'
import { jobs } from './commands/jobs.ts'
import { models } from './commands/models.ts'
import { notifications } from './commands/notifications.ts'
import { policy } from './commands/policy.ts'
import { predict } from './commands/predict.ts'
import { review } from './commands/review.ts'
import { runs } from './commands/runs.ts'
import { scan } from './commands/scan.ts'
import { seed } from './commands/seed.ts'
import { serve } from './commands/serve.ts'
import { sign, verify } from './commands/sign.ts'

/** Every command, in the order of the help: the everyday ones first. */
export const commandGroups: readonly CommandGroup[] = [
  automl,
  predict,
  explain,
  importance,
  dependence,
  data,
  models,
  scan,
  approvals,
  review,
  policy,
  deploy,
  rollback,
  notifications,
  egress,
  runs,
  jobs,
  serve,
  identity,
  keys,
  audit,
  sign,
  verify,
  backup,
  seed,
  doctor,
]
