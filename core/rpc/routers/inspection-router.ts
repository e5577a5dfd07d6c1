import { procedures } from '../procedures.ts'

/** Joins `explain`. */
export const inspectionRouter = {
  counterfactuals: procedures.explain.counterfactuals.handler(({ input, context }) =>
    context.app.explain.counterfactuals(input),
  ),
  surrogate: procedures.explain.surrogate.handler(({ input, context }) => context.app.explain.surrogate(input)),
}
