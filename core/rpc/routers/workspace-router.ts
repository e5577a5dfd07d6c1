import { procedures } from '../procedures.ts'

export const workspaceRouter = {
  status: procedures.workspace.status.handler(({ context }) => context.app.workspace.status(context.actor)),
  changes: procedures.workspace.changes.handler(async function* ({ context, signal }) {
    yield* context.app.workspace.changes(signal)
  }),
  recent: procedures.workspace.recent.handler(({ input, context }) => context.app.workspace.recent(input.limit)),
  search: procedures.workspace.search.handler(({ input, context }) =>
    context.app.workspace.search(input.text, input.limit),
  ),
  seed: procedures.workspace.seed.handler(({ context }) => context.app.workspace.seed()),
  salvage: procedures.workspace.salvage.handler(({ input, context }) => context.app.workspace.salvage(input.folder)),
}
