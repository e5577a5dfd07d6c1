import { readFileSync, statSync } from 'node:fs'
import { foreignInterface } from '../../../engine/onnx/reader/foreign-interface.ts'
import { readOnnx } from '../../../engine/onnx/reader/read-onnx.ts'
import type { Signature } from '../../../shared/domain/models.ts'
import type { ReadingCheck } from '../../explain/check-reading.ts'
import type { ExplainTask } from '../../explain/explain-task.ts'
import { writeForeignModel } from '../../explain/foreign-model.ts'
import { columnsInTable, foreignSignature, readForeignInterface } from '../../models/foreign-signature.ts'
import type { ResolvedDataset } from '../datasets/datasets-service.ts'
import type { ResolvedModel } from '../models/resolve-model.ts'
import type { AdmittedModel } from '../quarantine/admit-model.ts'
import { admitModel } from '../quarantine/admit-model.ts'
import type { QuarantineService } from '../quarantine/quarantine-service.ts'
import type { ServiceContext } from '../service-context.ts'

/** A model with what explains it. */
export type ExplainableModel = ResolvedModel & { readonly pipelinePath: string }

/** Files that were admitted; a file that is written again is another one. */
const keptFiles = 20

/**
 * Makes models explainable that have no pipeline of ours: versions and files of other tools get a description in the
 * store. Files pass quarantine first. Where the engine's reading of one differs from ONNX Runtime's answers on rows of
 * the table, everything is left to the runtime. Throws MODEL_REJECTED, MODEL_INVALID, SIGNATURE_MISMATCH.
 */
export function createForeignSubjects(
  context: ServiceContext,
  quarantine: QuarantineService,
  run: (task: ExplainTask) => Promise<unknown>,
) {
  const files = new Map<string, Promise<AdmittedModel>>()
  const checks = new Map<string, Promise<ReadingCheck>>()

  function admitted(path: string): Promise<AdmittedModel> {
    const { mtimeMs, size } = statSync(path)
    const key = `${path}\n${mtimeMs}\n${size}`
    const known = files.get(key)
    if (known) return known
    const admitting = admitModel(context, quarantine, quarantine.locate({ path }))
    files.set(key, admitting)
    admitting.catch(() => files.delete(key))
    const [oldest] = files.keys()
    if (files.size > keptFiles && oldest !== undefined) files.delete(oldest)
    return admitting
  }

  /** The outputs' widths as the signature has them, since exporters declare wrong ones. */
  function planOfVersion(path: string, signature: Signature) {
    const model = readOnnx(readFileSync(path))
    const { values } = foreignInterface(model)
    const width = signature.outputs.filter(({ type }) => type === 'number').length
    const [only] = values
    return foreignInterface(model, new Map(values.length === 1 && only !== undefined ? [[only, width]] : []))
  }

  async function planFor(model: ResolvedModel, table: ResolvedDataset) {
    if (model.onnxDigest !== null && model.signature !== null) {
      return {
        digest: model.onnxDigest,
        plan: planOfVersion(model.onnxPath, model.signature),
        signature: model.signature,
      }
    }
    const { onnx, outputs } = await admitted(model.onnxPath)
    const plan = readForeignInterface(readOnnx(readFileSync(onnx.path)), outputs)
    const names = columnsInTable(
      plan,
      table.profile.map(({ name }) => name),
      null,
    )
    return { digest: onnx.digest, plan, signature: foreignSignature(plan, names) }
  }

  return {
    async describe(model: ResolvedModel, table: ResolvedDataset): Promise<ExplainableModel> {
      const { digest, plan, signature } = await planFor(model, table)
      const store = (runtimeOnly: boolean) => {
        const stored = context.blobs.put(writeForeignModel(digest, plan, signature, runtimeOnly))
        const pipelinePath = context.blobs.path(stored.digest)
        return { ...model, onnxDigest: digest, pipelinePath, pipelineDigest: stored.digest }
      }
      const described = store(false)
      const key = `${described.pipelineDigest} ${table.digest}`
      const check =
        checks.get(key) ??
        (run({
          kind: 'check-reading',
          pipelinePath: described.pipelinePath,
          columnFilePath: table.columnFilePath,
        }) as Promise<ReadingCheck>)
      checks.set(key, check)
      const { agrees } = await check.catch((error: unknown) => {
        checks.delete(key)
        throw error
      })
      return agrees ? described : store(true)
    },
  }
}
