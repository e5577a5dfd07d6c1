import { procedures } from '../procedures.ts'

export const runsRouter = {
  list: procedures.runs.list.handler(({ input, context }) => context.app.runs.list(input)),
  get: procedures.runs.get.handler(({ input, context }) => context.app.runs.detail(input.id)),
  metricHistory: procedures.runs.metricHistory.handler(({ input, context }) =>
    context.app.runs.metricHistory(input.id, input.key),
  ),
  compare: procedures.runs.compare.handler(({ input, context }) => context.app.runs.compare(input.ids)),
  tag: procedures.runs.tag.handler(({ input, context }) => context.app.runs.tag(input.id, input.key, input.value)),
  rename: procedures.runs.rename.handler(({ input, context }) => context.app.runs.rename(input.id, input.name)),
  delete: procedures.runs.delete.handler(({ input, context }) => context.app.runs.delete(input.ids)),
  restore: procedures.runs.restore.handler(({ input, context }) => context.app.runs.restore(input.ids)),
}
