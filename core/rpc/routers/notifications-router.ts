import { procedures } from '../procedures.ts'

export const notificationsRouter = {
  list: procedures.notifications.list.handler(({ input, context }) =>
    context.app.notifications.list(context.actor, input),
  ),
  read: procedures.notifications.read.handler(({ input, context }) =>
    context.app.notifications.read(context.actor, input.ids),
  ),
}
