import { readdirSync, statSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FitResult, Learner } from '../../engine/learners/learner.ts'
import { addLearner } from '../../engine/learners/registry.ts'
import { MaestroError } from '../../shared/errors.ts'

const loaded = new Set<string>()

/**
 * Adds the learners that MAESTRO_LEARNERS names to this thread's registry: modules, or folders of them, parted as in
 * PATH, each exporting a `Learner` named `learner`. Every process and thread that looks learners up calls it first; a
 * file is loaded once. They run with all rights of Maestro. Throws MaestroError with the file's name.
 */
export async function loadPlugInLearners(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  for (const file of filesOf(environment.MAESTRO_LEARNERS ?? '')) {
    if (loaded.has(file)) continue
    const learner = checkLearner(await importLearner(file), file)
    try {
      addLearner({ ...learner, fit: (input, parameters) => checkResult(learner.fit(input, parameters), learner.name) })
    } catch (error) {
      throw refusal(file, error instanceof Error ? error.message : String(error))
    }
    loaded.add(file)
  }
}

function filesOf(list: string): string[] {
  return list
    .split(delimiter)
    .filter((path) => path.trim() !== '')
    .flatMap((path) => {
      const whole = resolve(path)
      try {
        if (!statSync(whole).isDirectory()) return [whole]
      } catch {
        throw refusal(whole, 'there is no such file or folder')
      }
      return readdirSync(whole)
        .filter((name) => /\.(js|mjs|ts)$/.test(name) && !name.endsWith('.d.ts'))
        .sort()
        .map((name) => join(whole, name))
    })
}

async function importLearner(file: string): Promise<unknown> {
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<Record<string, unknown>>
    return module.learner
  } catch (error) {
    throw refusal(file, error instanceof Error ? error.message : String(error))
  }
}

const tasks: readonly unknown[] = ['binary', 'multiclass', 'regression']
const encodings: readonly unknown[] = ['tree', 'tree-ordinal', 'scaled', 'embedded']

function checkLearner(value: unknown, file: string): Learner {
  if (typeof value !== 'object' || value === null) throw refusal(file, 'it exports nothing named learner')
  const learner = value as Readonly<Record<keyof Learner, unknown>>
  if (typeof learner.name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(learner.name))
    throw refusal(file, 'name must be small letters, digits and hyphens')
  if (typeof learner.title !== 'string') throw refusal(file, 'title must be a text')
  if (
    !Array.isArray(learner.tasks) ||
    learner.tasks.length === 0 ||
    !learner.tasks.every((task) => tasks.includes(task))
  )
    throw refusal(file, `tasks must be some of ${tasks.join(', ')}`)
  if (!encodings.includes(learner.encoding)) throw refusal(file, `encoding must be one of ${encodings.join(', ')}`)
  if (typeof learner.space !== 'object' || learner.space === null) throw refusal(file, 'space must be an object')
  if (typeof learner.cost !== 'function' || typeof learner.fit !== 'function')
    throw refusal(file, 'cost and fit must be functions')
  return value as Learner
}

const kinds: readonly unknown[] = ['trees', 'linear', 'additive', 'neighbours', 'network']

/** Models that scoring, export and explanation know; another one would fail much later. */
function checkResult(result: FitResult, name: string): FitResult {
  const { model } = result as { readonly model?: { readonly kind?: unknown } }
  if (kinds.includes(model?.kind)) return result
  throw new MaestroError(
    'TRAINING_FAILED',
    `The learner ${name} gave a model of the kind ${String(model?.kind)}.`,
    `A model's kind must be one of ${kinds.join(', ')}.`,
  )
}

function refusal(file: string, reason: string): MaestroError {
  return new MaestroError(
    'INPUT_INVALID',
    `The learner ${file} cannot be used: ${reason}.`,
    'Correct the file, or take it out of MAESTRO_LEARNERS.',
    { file },
  )
}
