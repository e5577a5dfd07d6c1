import { procedures } from '../procedures.ts'

export const cardsRouter = {
  get: procedures.cards.get.handler(({ input, context }) => context.app.cards.get(input.model, input.revision)),
  update: procedures.cards.update.handler(({ input, context }) =>
    context.app.cards.update(input.model, input.texts, { revision: input.revision, actor: context.actor.name }),
  ),
  export: procedures.cards.export.handler(({ input, context }) =>
    context.app.cards.export(input.model, input.format, input),
  ),
}
