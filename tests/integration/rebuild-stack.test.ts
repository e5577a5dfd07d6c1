import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { main as trainMain } from '../../core/automl/automl-main.ts'
import { createBlobStore } from '../../core/blobs/blob-store.ts'
import type { JobContext } from '../../core/jobs/job-context.ts'
import { main as rebuildMain } from '../../core/rebuild/rebuild-main.ts'
import { newId } from '../../core/storage/ids.ts'
import { writeColumnFile } from '../../core/tables/column-file.ts'
import { contentDigest } from '../../core/tables/import-main.ts'
import { readTable } from '../../core/tables/read-table.ts'
import { randomStream } from '../../engine/random.ts'
import type { RebuildResult, Recipe } from '../../shared/domain/recipes.ts'
import { rebuildResult, recipe as recipeSchema } from '../../shared/domain/recipes.ts'
import { automlSpecification } from '../../shared/domain/training.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maestro-rebuild-stack-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A line in four columns and a wave in another one: a line and a forest each learn a part, and both too little of it. */
function writeSums(name: string, isClass: boolean): string {
  const random = randomStream(5)
  const lines = Array.from({ length: 300 }, () => {
    const x = Array.from({ length: 8 }, () => random.nextNormal())
    const line = x.slice(0, 4).reduce((sum, value) => sum + value, 0)
    const label = 1.5 * line + 3 * Math.sin(3 * (x[4] as number)) + 0.3 * random.nextNormal()
    return [...x, isClass ? (label > 0 ? 'yes' : 'no') : label].join(',')
  })
  const path = join(folder, `${name}.csv`)
  writeFileSync(path, [`${Array.from({ length: 8 }, (_, at) => `x${at}`).join(',')},label`, ...lines].join('\n'))
  return path
}

interface Trained {
  readonly recipe: Recipe
  readonly rebuild: (threads: number, kernels: 'wasm' | 'plain') => Promise<RebuildResult>
}

/** A search with two learners, in this process, and how its winner is rebuilt from what was stored of it. */
async function train(name: string, isClass: boolean): Promise<Trained> {
  const scratch = join(folder, `${name}-scratch`)
  mkdirSync(scratch)
  const { frame } = await readTable({ path: writeSums(name, isClass), scratch, types: {}, reading: {} })
  const columnFilePath = join(folder, `${name}.columns`)
  writeColumnFile(columnFilePath, frame)
  const blobs = createBlobStore(join(folder, 'blobs'))
  const stored = new Map<string, string>()
  const context: JobContext = {
    jobId: newId(),
    scratch,
    blobs,
    report: () => undefined,
    log: () => undefined,
    emit: (event) => {
      const { parity, artifacts } = event as { parity?: unknown; artifacts?: { path: string; digest: string }[] }
      // Only the winner has a certificate.
      if (parity) for (const { path, digest } of artifacts ?? []) stored.set(path, digest)
      return Promise.resolve()
    },
    cancelled: new AbortController().signal,
    stopRequested: new AbortController().signal,
  }
  const specification = automlSpecification.parse({
    dataset: name,
    target: 'label',
    learners: [isClass ? 'logistic-regression' : 'elastic-net', 'random-forest'],
    metric: isClass ? 'log_loss' : 'auto',
    trials: 2,
    folds: 3,
    threads: 2,
    budgetSeconds: 60,
  })
  const digest = contentDigest(frame)
  const dataset = { name, versionId: newId(), digest, rows: frame.nRows }
  const experiment = { experimentId: newId(), experimentName: name }
  await trainMain(
    { specification, jobId: context.jobId, ...experiment, dataset, columnFilePath, finished: [] },
    context,
  )
  const fileOf = (path: string) => {
    const known = stored.get(path) as string
    return { digest: known, path: blobs.path(known) }
  }
  const files = { recipe: fileOf('recipe.json'), onnx: fileOf('model.onnx'), pipeline: fileOf('pipeline.json') }
  return {
    recipe: recipeSchema.parse(JSON.parse(readFileSync(files.recipe.path, 'utf8'))),
    rebuild: async (threads, kernels) => {
      const request = { versionId: newId(), threads, kernels, actor: 'owner' }
      const job = { request, model: name, version: 1, ...files, dataset: { digest, columnFilePath } }
      return rebuildResult.parse(await rebuildMain(job, context))
    },
  }
}

describe('a winner that a second layer made', () => {
  it.each([
    ['numbers', false, 1],
    ['classes', true, 2],
  ])(
    'is rebuilt with the same bytes, with any number of threads and either kernels (%s)',
    async (name, isClass, width) => {
      const { recipe, rebuild } = await train(name, isClass)
      expect(recipe.members).toHaveLength(2)
      expect(recipe.secondLayer?.intercept).toHaveLength(width)
      // More than shares of a mean.
      expect(recipe.members.reduce((sum, { weight }) => sum + weight, 0)).toBeGreaterThan(1.1)
      expect(await rebuild(1, 'plain')).toMatchObject({ identical: true, differences: [] })
      expect(await rebuild(2, 'wasm')).toMatchObject({ identical: true, differences: [] })
    },
    60_000,
  )
})
