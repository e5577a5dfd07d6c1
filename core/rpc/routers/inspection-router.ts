import { procedures } from '../procedures.ts'

/** Joins `explain`. */
export const inspectionRouter = {
  counterfactuals: procedures.explain.counterfactuals.handler(({ input, context }) =>
    context.app.explain.counterfactuals(input),
  ),
  surrogate: procedures.explain.surrogate.handler(({ input, context }) => context.app.explain.surrogate(input)),
  redundancy: procedures.explain.redundancy.handler(({ input, context }) =>
    context.app.explain.redundancy(input.model, input.data),
  ),
  interactions: procedures.explain.interactions.handler(({ input, context }) =>
    context.app.explain.interactions(input.model, input.data),
  ),
  pair: procedures.explain.pair.handler(({ input, context }) =>
    context.app.explain.pair(input.model, input.data, [input.feature, input.with]),
  ),
  effects: procedures.explain.effects.handler(({ input, context }) =>
    context.app.explain.effects(input.model, input.data, input.feature),
  ),
}
