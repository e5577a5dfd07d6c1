import { procedures } from '../procedures.ts'

export const predictRouter = {
  signature: procedures.predict.signature.handler(({ input, context }) => context.app.predict.signature(input.model)),
  rows: procedures.predict.rows.handler(({ input, context }) => context.app.predict.rows(input.model, input.rows)),
  file: procedures.predict.file.handler(async ({ input, context }) => ({ job: await context.app.predict.file(input) })),
}
