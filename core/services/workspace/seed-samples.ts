import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { automlSpecification } from '../../../shared/domain/training.ts'
import type { ErrorRecord } from '../../../shared/errors.ts'
import { fromErrorRecord, MaestroError } from '../../../shared/errors.ts'
import type { AutomlService } from '../automl/automl-service.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ServiceContext } from '../service-context.ts'

/** Tables of the sample project; those with a target are trained on, briefly. */
const samples = [
  {
    name: 'titanic',
    target: 'survived',
    description: 'Who survived the Titanic: 891 passengers, with missing ages and cabins.',
  },
  { name: 'iris', target: 'species', description: 'Three species of iris by the size of their flowers.' },
  { name: 'diamonds', target: null, description: 'Prices of 53,940 diamonds by weight, cut, colour and clarity.' },
  { name: 'penguins', target: null, description: 'Three species of penguin, two columns with categories.' },
] as const

/** Enough for a leaderboard that looks like one; a few seconds each. */
const sampleTrials = 8
const sampleSeconds = 15

const folder = fileURLToPath(new URL('../../../resources/samples/', import.meta.url))

/** Imports the bundled tables and trains and registers models on two of them. What is there already is kept. */
export async function seedSamples(
  context: ServiceContext,
  datasets: DatasetService,
  automl: AutomlService,
): Promise<{ datasets: string[]; models: string[] }> {
  const names: string[] = []
  for (const { name, description } of samples) {
    const path = join(sampleFolder(), `${name}.csv`)
    const { job } = datasets.import({ source: { path }, name, types: {}, reading: {} })
    const ended = await finished(context, job.id)
    const stored = String(ended.dataset ?? name)
    datasets.update(stored, { description })
    names.push(stored)
  }
  const models: string[] = []
  for (const { name, target } of samples) {
    if (target === null) continue
    const specification = automlSpecification.parse({
      dataset: name,
      target,
      trials: sampleTrials,
      budgetSeconds: sampleSeconds,
      registerAs: name,
      experimentName: `${name} (sample)`,
    })
    const { job } = await automl.start(specification)
    const ended = await finished(context, job.id)
    if (typeof ended.registerJobId === 'string') await finished(context, ended.registerJobId)
    models.push(name)
  }
  return { datasets: names, models }
}

async function finished(context: ServiceContext, id: string): Promise<Record<string, unknown>> {
  const job = await context.jobs.wait(id)
  if (job.state === 'succeeded') return job.result ?? {}
  if (job.error) throw fromErrorRecord(job.error as ErrorRecord)
  throw new MaestroError('CANCELLED', 'The sample project was cancelled.', 'Start it again; what is there is kept.')
}

/** Beside the sources, or two folders up from the bundle: the same address serves both; a packaged app unpacks it. */
function sampleFolder(): string {
  if (existsSync(folder)) return folder
  const bundled = fileURLToPath(new URL('../../resources/samples/', import.meta.url))
  if (existsSync(bundled)) return bundled
  throw new MaestroError('FILE_NOT_FOUND', 'The sample tables are not in this installation.', 'Install Maestro again.')
}
