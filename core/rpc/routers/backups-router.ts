import { procedures } from '../procedures.ts'

export const backupsRouter = {
  create: procedures.backups.create.handler(({ context }) => context.app.backups.create()),
  list: procedures.backups.list.handler(({ context }) => context.app.backups.list()),
  verify: procedures.backups.verify.handler(({ input, context }) => context.app.backups.verify(input.file)),
  restore: procedures.backups.restore.handler(({ input, context }) => context.app.backups.restore(input.file)),
}
