import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { learners } from '../../engine/learners/registry.ts'
import type { Pipeline } from '../../engine/pipeline/pipeline.ts'
import { parsePipeline, serialisePipeline } from '../../engine/pipeline/serialise-pipeline.ts'
import type { RebuildDifference, RebuildResult, Recipe } from '../../shared/domain/recipes.ts'
import { recipe as recipeSchema } from '../../shared/domain/recipes.ts'
import { MaestroError } from '../../shared/errors.ts'
import { loadPlugInLearners } from '../automl/plug-in-learners.ts'
import type { TrainingData } from '../automl/prepare-training.ts'
import { prepareTraining } from '../automl/prepare-training.ts'
import { splitsDigest } from '../automl/write-recipe.ts'
import type { JobMain } from '../jobs/job-context.ts'
import { engineVersion } from '../models/engine-version.ts'
import { exportModel, provenanceOf } from '../models/export-model.ts'
import { readColumnFile } from '../tables/column-file.ts'
import { compareFiles, comparePipelines, comparePredictions } from './find-differences.ts'
import type { RebuildJob } from './rebuild-job.ts'
import { rebuildJob } from './rebuild-job.ts'
import { refitRecipe } from './refit-recipe.ts'

/** Makes a version's file again by its recipe and says whether the bytes are the same, or what differs. */
export const main: JobMain = async (given, context) => {
  const job = rebuildJob.parse(given)
  context.report({ title: 'Reading', detail: `${job.model} / ${job.version}`, fraction: 0 })
  await loadPlugInLearners()
  const recipe = readRecipe(job)
  const missing = recipe.members.find(({ learner }) => !learners.some(({ name }) => name === learner))
  if (missing) throw unusable(`it needs the learner ${missing.learner}, which is not here`)
  const data = prepareTraining(readColumnFile(job.dataset.columnFilePath), recipe.specification)
  const lastFold = recipe.members.flatMap(({ fits }) => fits).reduce((last, { fold }) => Math.max(last, fold), -1)
  if (lastFold >= data.allFolds.length) throw unusable(`it names fold ${lastFold} of ${data.allFolds.length}`)
  context.report({ title: 'Fitting again', detail: data.basis, fraction: 0.02 })
  const pipeline = await refitRecipe(recipe, data, {
    threads: job.request.threads,
    kernels: job.request.kernels,
    cancelled: context.cancelled,
    onFit: (done, all) => context.report({ detail: `fit ${done} of ${all}`, fraction: 0.02 + (0.9 * done) / all }),
  })
  context.report({ title: 'Exporting', detail: 'and comparing', fraction: 0.93 })
  const { calibration, secondLayer, threshold } = recipe
  const rebuilt: Pipeline = {
    ...pipeline,
    ...(secondLayer ? { secondLayer } : {}),
    ...(calibration ? { calibration } : {}),
    threshold,
  }
  const { onnx } = exportModel(rebuilt, data.frame, provenanceOf(recipe))
  const rebuiltDigest = digestOf(onnx)
  const result: RebuildResult = {
    model: job.model,
    version: job.version,
    identical: rebuiltDigest === job.onnx.digest,
    digest: job.onnx.digest,
    rebuiltDigest,
    differences: rebuiltDigest === job.onnx.digest ? [] : differencesOf({ job, recipe, data, rebuilt, onnx }),
    fits: recipe.members.reduce((sum, { fits }) => sum + fits.length, 0),
    engineVersion,
  }
  context.log('info', result.identical ? 'the rebuilt file is identical' : `${result.differences.length} differences`)
  return { ...result }
}

function readRecipe({ recipe }: RebuildJob): Recipe {
  const parsed = recipeSchema.safeParse(JSON.parse(readFileSync(recipe.path, 'utf8')))
  if (parsed.success) return parsed.data
  throw unusable(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

function unusable(reason: string): MaestroError {
  return new MaestroError(
    'STATE_REFUSED',
    `The recipe does not fit this Maestro: ${reason}.`,
    'Rebuild it with the version of Maestro, and the learners from outside, that made it.',
  )
}

/** Everything that is not as it was: causes, what it does to predictions, then the details. */
function differencesOf({
  job,
  recipe,
  data,
  rebuilt,
  onnx,
}: {
  readonly job: RebuildJob
  readonly recipe: Recipe
  readonly data: TrainingData
  readonly rebuilt: Pipeline
  readonly onnx: Uint8Array
}): RebuildDifference[] {
  const stored = readFileSync(job.onnx.path)
  // Through the text, as the recorded one went: negative zeros and missing keys are then the same on both sides.
  const recorded = parsePipeline(readFileSync(job.pipeline.path, 'utf8'))
  const again = parsePipeline(serialisePipeline(rebuilt))
  const pairs: readonly (readonly [string, string, string])[] = [
    ['engine version', recipe.engineVersion, engineVersion],
    ['dataset', recipe.dataset.digest, job.dataset.digest],
    ['splits', recipe.validation.splitsDigest, splitsDigest(data.allFolds)],
    ['stored file', job.onnx.digest, digestOf(stored)],
  ]
  const causes = pairs.flatMap(([what, was, is]) => (was === is ? [] : [{ what, recorded: was, rebuilt: is }]))
  return [
    ...causes,
    comparePredictions(recorded, again, data.frame),
    ...comparePipelines(recorded, again),
    ...compareFiles(stored, onnx),
  ]
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
