import { procedures } from '../procedures.ts'

export const modelsRouter = {
  list: procedures.models.list.handler(({ input, context }) => context.app.models.list(input)),
  versions: procedures.models.versions.handler(({ input, context }) => context.app.models.versions(input)),
  get: procedures.models.get.handler(({ input, context }) => context.app.models.get(input.name)),
  version: procedures.models.version.handler(({ input, context }) => context.app.models.version(input.model)),
  register: procedures.models.register.handler(({ input, context }) =>
    context.app.explain.register(input, context.actor),
  ),
  rebuild: procedures.models.rebuild.handler(({ input, context }) => context.app.rebuild.start(input, context.actor)),
  scan: procedures.models.scan.handler(({ input, context }) => context.app.quarantine.scan(input.source)),
  update: procedures.models.update.handler(({ input, context }) =>
    context.app.models.update(input.model, input.description),
  ),
  setAlias: procedures.models.setAlias.handler(({ input, context }) =>
    context.app.deployments.setAlias(input.model, input.alias, context.actor),
  ),
  removeAlias: procedures.models.removeAlias.handler(({ input, context }) =>
    context.app.deployments.removeAlias(input.name, input.alias, context.actor),
  ),
  tag: procedures.models.tag.handler(({ input, context }) =>
    context.app.models.tag(input.model, input.key, input.value),
  ),
  delete: procedures.models.delete.handler(({ input, context }) =>
    context.app.models.delete(input.model, context.actor.name),
  ),
  restore: procedures.models.restore.handler(({ input, context }) =>
    context.app.models.restore(input.model, context.actor.name),
  ),
  purge: procedures.models.purge.handler(({ input, context }) => context.app.models.purge(input.model)),
  change: procedures.models.change.handler(({ input, context }) =>
    context.app.models.change(input.ids, input.change, context.actor.name),
  ),
  retain: procedures.models.retain.handler(({ input, context }) =>
    context.app.models.retain(input, context.actor.name),
  ),
  lineage: procedures.models.lineage.handler(({ input, context }) => context.app.lineage.ofVersion(input.model)),
  graph: procedures.models.graph.handler(({ input, context }) => context.app.models.graph(input.model, input.search)),
  exportPortable: procedures.models.exportPortable.handler(({ input, context }) => context.app.portable.start(input)),
  export: procedures.models.export.handler(({ input, context }) => context.app.models.export(input.model, input.out)),
  performance: procedures.models.performance.handler(({ input, context }) =>
    context.app.explain.performance(input.model, input.data),
  ),
}
