import { procedures } from '../procedures.ts'

export const egressRouter = {
  status: procedures.egress.status.handler(({ context }) => context.app.egress.status()),
  log: procedures.egress.log.handler(({ input, context }) => context.app.egress.log(input.limit, input.before)),
  outbox: procedures.egress.outbox.handler(({ context }) => context.app.egress.outbox()),
  switch: procedures.egress.switch.handler(({ input, context }) => context.app.egress.switch(input.on)),
  allow: procedures.egress.allow.handler(({ input, context }) => context.app.egress.allow(input, context.actor)),
  disallow: procedures.egress.disallow.handler(({ input, context }) => context.app.egress.disallow(input)),
  save: procedures.egress.save.handler(({ input, context }) => context.app.egress.save(input, context.actor)),
  enable: procedures.egress.enable.handler(({ input, context }) =>
    context.app.egress.enable(input.name, input.enabled, context.actor),
  ),
  remove: procedures.egress.remove.handler(({ input, context }) => context.app.egress.remove(input.name)),
  test: procedures.egress.test.handler(({ input, context }) => context.app.egress.test(input.name, context.actor)),
  unlock: procedures.egress.unlock.handler(({ input, context }) => context.app.egress.unlock(input.passphrase)),
  send: procedures.egress.send.handler(({ input, context }) => context.app.egress.send(input)),
}
