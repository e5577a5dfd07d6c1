import { procedures } from '../procedures.ts'

export const jobsRouter = {
  list: procedures.jobs.list.handler(({ input, context }) => ({ jobs: context.app.jobs.list(input) })),
  get: procedures.jobs.get.handler(({ input, context }) => context.app.jobs.get(input.id)),
  watch: procedures.jobs.watch.handler(async function* ({ input, context, signal }) {
    yield* context.app.jobs.watch(input.id, signal)
  }),
  cancel: procedures.jobs.cancel.handler(({ input, context }) => context.app.jobs.cancel(input.id)),
  resume: procedures.jobs.resume.handler(({ input, context }) => context.app.jobs.resume(input.id)),
  log: procedures.jobs.log.handler(({ input, context }) => context.app.jobs.log(input.id, input.after, input.limit)),
}
