import { procedures } from '../procedures.ts'

export const automlRouter = {
  start: procedures.automl.start.handler(({ input, context }) => context.app.automl.start(input)),
  get: procedures.automl.get.handler(({ input, context }) => context.app.automl.state(input.id)),
  watch: procedures.automl.watch.handler(async function* ({ input, context, signal }) {
    yield* context.app.automl.watch(input.id, signal)
  }),
  stop: procedures.automl.stop.handler(({ input, context }) => context.app.automl.stop(input.id)),
  learners: procedures.automl.learners.handler(({ context }) => context.app.automl.learners()),
  metrics: procedures.automl.metrics.handler(({ context }) => context.app.automl.metrics()),
}
