import type { Lineage } from '../../../shared/domain/models.ts'
import { MaestroError } from '../../../shared/errors.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { ServiceContext } from '../service-context.ts'
import type { LineageNode } from './lineage-rows.ts'
import { createLineageRows } from './lineage-rows.ts'
import { walkLineage } from './walk-lineage.ts'

/** What came of what: from tables over runs and versions to decisions, deployments and predictions, both ways. */
export function createLineageService(
  context: ServiceContext,
  models: Pick<ModelsService, 'versionId'>,
  datasets: Pick<DatasetService, 'get'>,
) {
  const rows = createLineageRows(context.database.sqlite)

  function walkFrom(node: LineageNode | null, reference: string): Lineage {
    if (node === null) throw new MaestroError('NOT_FOUND', `There is no ${reference}.`)
    return walkLineage(rows, node)
  }

  return {
    ofVersion: (reference: string): Lineage => walkFrom(rows.version(models.versionId(reference)), reference),
    /** What is affected if the data is bad. */
    ofDataset: (reference: string): Lineage => walkFrom(rows.dataset(datasets.get(reference).versionId), reference),
  }
}

export type LineageService = ReturnType<typeof createLineageService>
