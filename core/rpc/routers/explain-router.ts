import { procedures } from '../procedures.ts'
import { inspectionRouter } from './inspection-router.ts'

export const explainRouter = {
  ...inspectionRouter,
  rows: procedures.explain.rows.handler(({ input, context }) => context.app.explain.rows(input)),
  global: procedures.explain.global.handler(({ input, context }) =>
    context.app.explain.global(input.model, input.data),
  ),
  importance: procedures.explain.importance.handler(({ input, context }) =>
    context.app.explain.importance(input.model, input.data, input.repeats, input.grouped),
  ),
  dependence: procedures.explain.dependence.handler(({ input, context }) =>
    context.app.explain.dependence(input.model, input.data, input.feature, input.ice),
  ),
  diff: procedures.explain.diff.handler(({ input, context }) => context.app.explain.diff(input.a, input.b, input.data)),
  diffPage: procedures.explain.diffPage.handler(({ input, context }) =>
    context.app.explain.diffPage(input.a, input.b, input.data, input.out),
  ),
  interestingRows: procedures.explain.interestingRows.handler(({ input, context }) =>
    context.app.explain.interestingRows(input.model, input.data, input.limit),
  ),
}
