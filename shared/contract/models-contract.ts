import * as z from 'zod'
import { dependence, explanation, globalExplanation, importance } from '../domain/explanations.ts'
import { job } from '../domain/jobs.ts'
import { modelGraph } from '../domain/model-graph.ts'
import {
  lineage,
  modelSummary,
  predictionRow,
  predictionWarning,
  retentionPlan,
  signature,
  versionDetail,
  versionSummary,
} from '../domain/models.ts'
import { scanReport } from '../domain/quarantine.ts'
import { performance } from '../domain/training.ts'
import { cell, digest, id, modelName, name } from '../domain/values.ts'
import { versionDiff } from '../domain/version-diff.ts'
import { command, query } from './base.ts'
import { inspectionContract, rowOptions } from './inspection-contract.ts'

/** `name`, `name/3`, `name@alias`, the id of a version, `run:<id>` for a run that is not registered, or a path to an .onnx file. */
const model = z.object({ model: z.string().min(1) })

/** A file from elsewhere: a path that the host can read, or a finished upload. */
const foreignFile = z.union([z.object({ path: z.string().min(1) }), z.object({ upload: z.string().min(1) })])

export const modelsContract = {
  models: {
    list: query('models:read', '/models')
      .input(
        z
          .object({
            deleted: z.coerce.boolean().default(false),
            search: z.string().default(''),
            /** Of each model only the newest version and those with an alias. */
            brief: z.coerce.boolean().default(false),
          })
          .prefault({}),
      )
      .output(z.object({ models: z.array(modelSummary) })),
    /** Versions of all models in MLflow's filter language, such as `name = 'titanic' and score > 0.8 and tags.team = 'risk'`. */
    versions: command('models:read', '/model-versions/search')
      .input(
        z
          .object({
            filter: z.string().max(5_000).default(''),
            order: z.string().max(1_000).default(''),
            limit: z.int().min(1).max(5_000).default(100),
            page: z.string().nullable().default(null),
            deleted: z.boolean().default(false),
          })
          .prefault({}),
      )
      .output(z.object({ versions: z.array(versionSummary), total: z.int(), nextPage: z.string().nullable() })),
    get: query('models:read', '/models/{name}')
      .input(z.object({ name: z.string() }))
      .output(modelSummary),
    version: query('models:read', '/model-versions/{+model}').input(model).output(versionDetail),
    /**
     * From a run: its certificate, explanations and performance are made and stored. From an ONNX file of any tool: it passes
     * quarantine first, and the verdict is stored with the version. Starts a job.
     */
    register: command('models:write', '/models')
      .input(
        z.object({
          name: modelName,
          source: z.union([z.object({ runId: id }), foreignFile]),
          /** Names for the columns of a foreign model, in its order; without them a wide input's are numbered. */
          columns: z.array(z.string().min(1)).max(10_000).default([]),
          /** A dataset that a foreign model is tried on: gives ranges, explanations and, with `target`, performance. */
          sample: z.string().min(1).optional(),
          /** Column of the sample with the true answers. */
          target: z.string().min(1).optional(),
          /** A table of what the model's own tool predicts for the rows of the sample, in their order. */
          nativePredictions: foreignFile.optional(),
          description: z.string().max(20_000).default(''),
        }),
      )
      .output(z.object({ job })),
    /**
     * Trains a version again by its recipe and compares the files. Starts a job whose result is a `rebuildResult`: identical
     * or not, with what differs. Kept with the version.
     */
    rebuild: command('models:rebuild', '/models/rebuild')
      .input(
        model.extend({
          threads: z.int().min(0).max(256).default(0),
          kernels: z.enum(['wasm', 'plain']).default('wasm'),
        }),
      )
      .output(z.object({ job })),
    /** Whether a foreign ONNX file may be used: read, then run once in a process that is killed at its limits. Stores nothing. */
    scan: command('models:write', '/models/scan')
      .input(z.object({ source: foreignFile }))
      .output(scanReport),
    update: command('models:write', '/models/update', 'PATCH')
      .input(model.extend({ description: z.string().max(20_000) }))
      .output(modelSummary),
    setAlias: command('models:write', '/models/alias')
      .input(model.extend({ alias: name }))
      .output(versionDetail),
    removeAlias: command('models:write', '/models/alias/remove')
      .input(z.object({ name: z.string(), alias: z.string() }))
      .output(modelSummary),
    tag: command('models:write', '/models/tags')
      .input(model.extend({ key: z.string().min(1).max(250), value: z.string().max(5_000).nullable() }))
      .output(versionDetail),
    /** A version (`name/3`) or, by its bare name, the model with all its versions. */
    delete: command('models:write', '/models/delete').input(model).output(modelSummary),
    restore: command('models:write', '/models/restore').input(model).output(modelSummary),
    purge: command('models:write', '/models/purge')
      .input(model)
      .output(z.object({ freedBytes: z.int() })),
    /** The same change of many versions, all or none: a tag (null takes it away), the trash, or back from it. */
    change: command('models:write', '/model-versions/change')
      .input(
        z.object({
          ids: z.array(id).min(1).max(10_000),
          change: z.union([
            z.object({ tag: z.object({ key: z.string().min(1).max(250), value: z.string().max(5_000).nullable() }) }),
            z.object({ deleted: z.boolean() }),
          ]),
        }),
      )
      .output(z.object({ changed: z.int() })),
    /** Moves all but the newest versions of each model to the trash. Without `apply` it only says what it would do. */
    retain: command('models:write', '/model-versions/retain')
      .input(
        z.object({
          keep: z.int().min(1).max(100_000),
          model: z.string().nullable().default(null),
          apply: z.boolean().default(false),
        }),
      )
      .output(retentionPlan.extend({ applied: z.boolean() })),
    /** The operators of a model's file with shapes and attributes; at most 2,000 of those that fit the search. */
    graph: query('models:read', '/model-graph/{+model}')
      .input(model.extend({ search: z.string().max(200).default('') }))
      .output(modelGraph),
    lineage: query('models:read', '/model-lineage/{+model}').input(model).output(lineage),
    /** Copies the ONNX file and everything stored with the version into a folder; without `out` gives downloads. */
    export: command('models:read', '/models/export')
      .input(model.extend({ out: z.string().optional() }))
      .output(
        z.object({
          files: z.array(
            z.object({ path: z.string(), bytes: z.int(), digest: z.string(), href: z.string().nullable() }),
          ),
        }),
      ),
    /**
     * Writes a version's model for older runtimes (opset 13, ai.onnx.ml 2) and compares it with the engine. Starts a job
     * whose result is a `portableExport`: files in the folder `out`, or to be downloaded.
     */
    exportPortable: command('models:read', '/models/export-portable')
      .input(model.extend({ out: z.string().optional() }))
      .output(z.object({ job })),
    performance: command('models:read', '/models/performance')
      .input(model.extend({ data: z.string().optional() }))
      .output(performance),
  },
  predict: {
    signature: query('models:predict', '/predict-signature/{+model}').input(model).output(signature),
    /** Some rows, each a record of raw column values; answers with warnings by name. */
    rows: command('models:predict', '/predict')
      .input(model.extend({ rows: z.array(z.record(z.string(), cell)).min(1).max(10_000) }))
      .output(
        z.object({ rows: z.array(predictionRow), warnings: z.array(predictionWarning), milliseconds: z.number() }),
      ),
    /** A whole table to a CSV file, as a job; its result is {rows, seconds, out, href, warnings, rejected}. */
    file: command('models:predict', '/predict/file')
      .input(model.extend({ data: z.string().optional(), upload: z.string().optional(), out: z.string().optional() }))
      .output(z.object({ job })),
  },
  explain: {
    ...inspectionContract,
    /** Attributions of some rows of a dataset, or of rows given as records. */
    rows: command('models:explain', '/explain')
      .input(
        model.extend({
          data: z.string().optional(),
          rows: z.array(z.int().min(0)).max(5_000).optional(),
          records: z.array(z.record(z.string(), cell)).max(1_000).optional(),
          method: z.enum(['auto', 'tree', 'interventional', 'linear', 'exact', 'sampling', 'lime']).default('auto'),
          output: z.enum(['raw', 'probability']).default('raw'),
          background: z.string().optional(),
          ...rowOptions,
        }),
      )
      .output(explanation),
    /** Stored at registration; computed now, and kept, when it is not there yet. */
    global: command('models:explain', '/explain/global')
      .input(model.extend({ data: z.string().optional() }))
      .output(globalExplanation),
    importance: command('models:explain', '/importance')
      .input(
        model.extend({
          data: z.string().optional(),
          repeats: z.int().min(1).max(100).default(5),
          /** Columns that say nearly the same are shuffled together. */
          grouped: z.boolean().default(false),
        }),
      )
      .output(importance),
    dependence: command('models:explain', '/dependence')
      .input(
        model.extend({ data: z.string().optional() }).extend({ feature: z.string(), ice: z.boolean().default(false) }),
      )
      .output(dependence),
    /** What differs between two registered versions, predictions on the same rows included; by default on B's training table. */
    diff: command('models:explain', '/model-diff')
      .input(z.object({ a: z.string(), b: z.string(), data: z.string().optional() }))
      .output(versionDiff),
    /** The same as one HTML file to send: at the path `out`, or as a download. */
    diffPage: command('models:explain', '/model-diff/page')
      .input(z.object({ a: z.string(), b: z.string(), data: z.string().optional(), out: z.string().optional() }))
      .output(z.object({ path: z.string(), bytes: z.int(), digest, href: z.string().nullable() })),
    /** Rows worth looking at: most wrong, most uncertain, outliers. */
    interestingRows: command('models:explain', '/explain/interesting-rows')
      .input(model.extend({ data: z.string().optional(), limit: z.int().min(1).max(200).default(20) }))
      .output(
        z.object({
          dataset: z.string(),
          mostWrong: z.array(z.object({ row: z.int(), reason: z.string() })),
          mostUncertain: z.array(z.object({ row: z.int(), reason: z.string() })),
          outliers: z.array(z.object({ row: z.int(), reason: z.string() })),
        }),
      ),
  },
}
