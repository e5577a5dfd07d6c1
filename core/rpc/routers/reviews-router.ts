import { procedures } from '../procedures.ts'

export const reviewsRouter = {
  export: procedures.reviews.export.handler(({ input, context }) =>
    context.app.reviews.export(input.id, input, context.actor),
  ),
  open: procedures.reviews.open.handler(({ input, context }) =>
    context.app.reviews.open(input.source, input, context.actor),
  ),
  decide: procedures.reviews.decide.handler(({ input: { source, ...decision }, context }) =>
    context.app.reviews.decide(source, decision, context.actor),
  ),
  import: procedures.reviews.import.handler(({ input, context }) =>
    context.app.reviews.import(input.source, context.actor),
  ),
}
