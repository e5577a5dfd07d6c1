import { procedures } from '../procedures.ts'

export const evidenceRouter = {
  version: procedures.evidence.version.handler(({ input: { model, ...request }, context }) =>
    context.app.evidence.ofVersion(model, request),
  ),
  person: procedures.evidence.person.handler(({ input: { name, ...request }, context }) =>
    context.app.evidence.ofPerson(name, request, context.actor),
  ),
}
