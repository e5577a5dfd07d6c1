import type {
  ColumnInteractions,
  CounterfactualAnswer,
  LocalEffects,
  PairDependence,
  Redundancy,
  Surrogate,
} from '../../../shared/domain/inspections.ts'
import type { Cell } from '../../../shared/domain/values.ts'
import type { ExplainTask } from '../../explain/explain-task.ts'
import {
  askedOf,
  effectsParts,
  interactionsParts,
  pairParts,
  redundancyParts,
  surrogateParts,
} from '../../explain/explanation-keys.ts'
import type { ResolvedDataset } from '../datasets/datasets-service.ts'
import type { ResolvedModel } from '../models/resolve-model.ts'
import type { ExplainableModel } from './foreign-subjects.ts'

/** What inspections ask of the service that they join. */
interface InspectionSources {
  subject(reference: string, data: string | undefined): Promise<{ model: ExplainableModel; table: ResolvedDataset }>
  tableFor(model: ResolvedModel, data: string | undefined): ResolvedDataset
  cached<Result>(task: ExplainTask, parts: readonly unknown[]): Promise<Result>
  run(task: ExplainTask): Promise<unknown>
}

/** Ways to look into a model beside its attributions. */
export function createInspections({ subject, tableFor, cached, run }: InspectionSources) {
  return {
    async counterfactuals(request: {
      readonly model: string
      readonly data?: string | undefined
      readonly row: number
      readonly record?: Readonly<Record<string, Cell>> | undefined
      readonly wanted?: string | undefined
      readonly keep: readonly string[]
      readonly changes: number
      readonly alternatives: number
    }): Promise<CounterfactualAnswer> {
      const { model, table } = await subject(request.model, request.data)
      const reference = model.datasetVersionId === null ? table : tableFor(model, undefined)
      const { row, keep, changes, alternatives } = request
      const wanted = request.wanted ?? null
      const task: ExplainTask = {
        kind: 'counterfactuals',
        pipelinePath: model.pipelinePath,
        columnFilePath: table.columnFilePath,
        referencePath: reference.columnFilePath,
        row,
        record: request.record ?? null,
        wanted,
        keep,
        changes,
        alternatives,
      }
      // A record is a what-if: it is asked once.
      if (request.record) return (await run(task)) as CounterfactualAnswer
      const digests = [model.pipelineDigest, table.digest, reference.digest]
      return cached(task, ['counterfactuals', 2, ...digests, row, wanted, keep, changes, alternatives])
    },

    async surrogate(request: {
      readonly model: string
      readonly data?: string | undefined
      readonly class?: string | undefined
      readonly leaves: number
    }): Promise<Surrogate> {
      const { model, table } = await subject(request.model, request.data)
      const ofClass = request.class ?? null
      const onModel = { pipelinePath: model.pipelinePath, columnFilePath: table.columnFilePath }
      return cached(
        { kind: 'surrogate', ...onModel, class: ofClass, leaves: request.leaves },
        surrogateParts(askedOf(model, table), ofClass, request.leaves),
      )
    },

    async redundancy(reference: string, data: string | undefined): Promise<Redundancy> {
      const { model, table } = await subject(reference, data)
      const onModel = { pipelinePath: model.pipelinePath, columnFilePath: table.columnFilePath }
      return cached({ kind: 'redundancy', ...onModel }, redundancyParts(askedOf(model, table)))
    },

    async interactions(reference: string, data: string | undefined): Promise<ColumnInteractions> {
      const { model, table } = await subject(reference, data)
      const background = model.datasetVersionId === null ? table : tableFor(model, undefined)
      return cached(
        {
          kind: 'interactions',
          pipelinePath: model.pipelinePath,
          columnFilePath: table.columnFilePath,
          backgroundPath: background.columnFilePath,
        },
        interactionsParts(askedOf(model, table), background.digest),
      )
    },

    async pair(reference: string, data: string | undefined, features: [string, string]): Promise<PairDependence> {
      const { model, table } = await subject(reference, data)
      const onModel = { pipelinePath: model.pipelinePath, columnFilePath: table.columnFilePath }
      return cached({ kind: 'pair', ...onModel, features }, pairParts(askedOf(model, table), features))
    },

    async effects(reference: string, data: string | undefined, feature: string): Promise<LocalEffects> {
      const { model, table } = await subject(reference, data)
      const onModel = { pipelinePath: model.pipelinePath, columnFilePath: table.columnFilePath }
      return cached({ kind: 'effects', ...onModel, feature }, effectsParts(askedOf(model, table), feature))
    },
  }
}
