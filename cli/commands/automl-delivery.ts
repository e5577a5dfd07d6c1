import { copyFileSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as z from 'zod'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import { workspacePaths } from '../../core/workspace/workspace-paths.ts'
import { MaestroError } from '../../shared/errors.ts'
import type { CommandContext } from '../command.ts'
import { assertSucceeded, followJob } from '../follow-job.ts'

export interface DeliveredModel {
  /** Null when the model was exported without being registered. */
  readonly name: string | null
  readonly version: number | null
  readonly digest: string
  readonly onnxPath: string
}

/** Metrics of the best model on the test rows; with `out` their predictions are written too. */
export async function scoreTestRows(
  context: CommandContext,
  runId: string,
  data: string,
  out: string | null,
): Promise<Record<string, number>> {
  const client = await context.client()
  const model = `run:${runId}`
  const { metrics } = await client.models.performance({ model, data })
  if (out !== null) {
    const { job } = await client.predict.file({ model, data, out })
    assertSucceeded(await followJob(context, job))
  }
  return Object.fromEntries(metrics.map(({ name, estimate }) => [name, estimate.value]))
}

/** Registers and exports the best model, as far as it was asked for; null when it was not. */
export async function deliverModel(
  context: CommandContext,
  runId: string,
  { registerAs, exportTo }: { registerAs: string | null; exportTo: string | null },
): Promise<DeliveredModel | null> {
  if (registerAs === null && exportTo === null) return null
  const registered = registerAs === null ? null : await registerRun(context, runId, registerAs)
  const digest = registered?.digest ?? (await modelDigest(context, runId))
  const stored = createBlobStore(workspacePaths(context.workspace).blobs).path(digest)
  return {
    name: registered?.name ?? null,
    version: registered?.version ?? null,
    digest,
    onnxPath: exportTo === null ? stored : copyTo(stored, resolve(exportTo)),
  }
}

/** What a register job leaves in its result. */
export const registerResult = z.object({ name: z.string(), version: z.int() })

async function registerRun(context: CommandContext, runId: string, name: string) {
  const client = await context.client()
  const { job } = await client.models.register({ name, source: { runId } })
  const result = registerResult.parse(assertSucceeded(await followJob(context, job)).result)
  return client.models.version({ model: `${result.name}/${result.version}` })
}

async function modelDigest(context: CommandContext, runId: string): Promise<string> {
  const { artifacts } = await (await context.client()).runs.get({ id: runId })
  const file = artifacts.find(({ path }) => path === 'model.onnx')
  if (!file) {
    throw new MaestroError('NOT_FOUND', 'The run has no ONNX file.', 'Register it, which makes one: --register NAME.', {
      runId,
    })
  }
  return file.digest
}

/** Whole or not at all: the file gets its name when it is complete. */
function copyTo(stored: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  const partial = `${path}.partial`
  copyFileSync(stored, partial)
  renameSync(partial, path)
  return path
}
