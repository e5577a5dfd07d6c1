import { procedures } from '../procedures.ts'

export const approvalsRouter = {
  list: procedures.approvals.list.handler(({ context }) => context.app.approvals.list()),
  get: procedures.approvals.get.handler(({ input, context }) => ({ approval: context.app.approvals.get(input.id) })),
  submit: procedures.approvals.submit.handler(({ input, context }) => ({
    approval: context.app.approvals.submit(input, context.actor),
  })),
  comment: procedures.approvals.comment.handler(({ input: { id, ...comment }, context }) => ({
    approval: context.app.approvals.comment(id, comment, context.actor),
  })),
  advance: procedures.approvals.advance.handler(({ input, context }) => ({
    approval: context.app.approvals.advance(input.id, input.to, context.actor),
  })),
  decide: procedures.approvals.decide.handler(async ({ input, context }) => ({
    approval: await context.app.approvals.decide(input.id, input.decision, input.reason, context.actor),
  })),
  withdraw: procedures.approvals.withdraw.handler(({ input, context }) => ({
    approval: context.app.approvals.withdraw(input.id, context.actor),
  })),
  revoke: procedures.approvals.revoke.handler(({ input, context }) => ({
    approval: context.app.approvals.revoke(input.id, input.reason, context.actor),
  })),
}

export const policyRouter = {
  get: procedures.policy.get.handler(({ context }) => ({
    ...context.app.policies.inForce(),
    text: context.app.policyEditor.text(),
  })),
  preview: procedures.policy.preview.handler(({ input, context }) => context.app.policyEditor.preview(input.text)),
  set: procedures.policy.set.handler(({ input, context }) => context.app.policyEditor.set(input, context.actor.name)),
  check: procedures.policy.check.handler(({ input, context }) =>
    context.app.approvals.checkVersion(input.model, input.tier),
  ),
}

export const deploymentsRouter = {
  list: procedures.deployments.list.handler(({ input, context }) => context.app.deployments.list(input.model)),
  deploy: procedures.deployments.deploy.handler(({ input, context }) =>
    context.app.deployments.deploy(input.model, input.slot, context.actor),
  ),
  rollback: procedures.deployments.rollback.handler(({ input, context }) =>
    context.app.deployments.rollback(input.slot, input.model, context.actor),
  ),
}
