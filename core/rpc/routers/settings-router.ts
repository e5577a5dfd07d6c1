import { procedures } from '../procedures.ts'

export const settingsRouter = {
  get: procedures.settings.get.handler(({ context }) => context.app.settings.get()),
  set: procedures.settings.set.handler(({ input, context }) => context.app.settings.set(input)),
  reset: procedures.settings.reset.handler(({ context }) => context.app.settings.reset()),
}
