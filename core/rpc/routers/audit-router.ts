import { procedures } from '../procedures.ts'

export const auditRouter = {
  list: procedures.audit.list.handler(({ input, context }) => context.app.audit.list(input)),
  verify: procedures.audit.verify.handler(({ context }) => context.app.audit.verify()),
  export: procedures.audit.export.handler(({ input, context }) => context.app.audit.export(input.out)),
  checkpoint: procedures.audit.checkpoint.handler(({ input, context }) => context.app.audit.checkpoint(input)),
  witness: procedures.audit.witness.handler(({ input, context }) =>
    context.app.audit.witness(input.note, input.publicKey),
  ),
  witnesses: procedures.audit.witnesses.handler(({ context }) => context.app.audit.witnesses()),
  erase: procedures.audit.erase.handler(({ input, context }) => context.app.audit.erase(input.name, context.actor)),
}
