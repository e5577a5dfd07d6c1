import { procedures } from '../procedures.ts'

export const datasetsRouter = {
  preview: procedures.datasets.preview.handler(({ input, context }) =>
    context.app.datasets.preview(input.source, input.reading),
  ),
  import: procedures.datasets.import.handler(({ input, context }) => context.app.datasets.import(input)),
  list: procedures.datasets.list.handler(({ input, context }) => context.app.datasets.list(input.deleted)),
  get: procedures.datasets.get.handler(({ input, context }) => context.app.datasets.get(input.dataset)),
  rows: procedures.datasets.rows.handler(({ input, context }) => context.app.datasets.rows(input)),
  target: procedures.datasets.target.handler(({ input, context }) =>
    context.app.datasets.target(input.dataset, input.target),
  ),
  retype: procedures.datasets.retype.handler(({ input, context }) =>
    context.app.datasets.retype(input.dataset, input.types),
  ),
  update: procedures.datasets.update.handler(({ input, context }) => context.app.datasets.update(input.dataset, input)),
  delete: procedures.datasets.delete.handler(({ input, context }) => context.app.datasets.delete(input.dataset)),
  restore: procedures.datasets.restore.handler(({ input, context }) => context.app.datasets.restore(input.dataset)),
  purge: procedures.datasets.purge.handler(({ input, context }) => context.app.datasets.purge(input.dataset)),
  export: procedures.datasets.export.handler(({ input, context }) =>
    context.app.datasets.export(input.dataset, input.out),
  ),
  usedBy: procedures.datasets.usedBy.handler(({ input, context }) => context.app.datasets.usedBy(input.dataset)),
  lineage: procedures.datasets.lineage.handler(({ input, context }) => context.app.lineage.ofDataset(input.dataset)),
}
