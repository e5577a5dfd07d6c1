import { procedures } from '../procedures.ts'

export const experimentsRouter = {
  list: procedures.experiments.list.handler(({ input, context }) => ({
    experiments: context.app.experiments.list(input.deleted),
  })),
  get: procedures.experiments.get.handler(({ input, context }) => context.app.experiments.get(input.id)),
  rename: procedures.experiments.rename.handler(({ input, context }) =>
    context.app.experiments.rename(input.id, input.name),
  ),
  delete: procedures.experiments.delete.handler(({ input, context }) => context.app.experiments.delete(input.id)),
  restore: procedures.experiments.restore.handler(({ input, context }) => context.app.experiments.restore(input.id)),
}
