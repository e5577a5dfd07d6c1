import type { ModelSummary, RetentionPlan } from '../../../shared/domain/models.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { releaseBlobs } from '../../blobs/unused-blobs.ts'
import type { ServiceContext } from '../service-context.ts'
import { parseModelReference } from './model-reference.ts'
import type { ModelRow, ModelRows, VersionRow } from './model-rows.ts'
import { planRetention } from './retention.ts'

/** What the trash needs of the registry around it. */
interface Registry {
  readonly rows: ModelRows
  model(name: string): ModelRow
  version(reference: string): VersionRow
  modelSummary(row: ModelRow): ModelSummary
  changed(id: string | null): void
  /** Adds a line to what happened to a version. */
  remember(versionId: string, actor: string, what: string): void
}

/** Where models and versions go that are not wanted any more, and come back from, until they are given up. */
export function createModelTrash(
  context: Pick<ServiceContext, 'assertWritable' | 'blobs' | 'database' | 'jobs'>,
  { rows, model, version, modelSummary, changed, remember }: Registry,
) {
  const { sqlite } = context.database

  /** What is deployed stays where it is, and what waits for a decision or was decided on is not given up: signatures name it. */
  function assertNotInUse(versions: readonly VersionRow[], isForGood: boolean): void {
    for (const row of versions) {
      const label = `${row.modelName} / ${row.version}`
      const [slot] = rows.slots(row.id)
      if (slot !== undefined)
        throw new MaestroError(
          'STATE_REFUSED',
          `${label} is deployed to ${slot}.`,
          'Deploy another version in its place first.',
        )
      if (!isForGood) continue
      const { signed, waiting } = rows.approvalsOf(row.id)
      if (signed > 0)
        throw new MaestroError(
          'STATE_REFUSED',
          `${label} was decided on, and what was signed is about its files.`,
          'It can stay in the trash, but not be given up: the decision could not be shown any more.',
        )
      if (waiting > 0)
        throw new MaestroError('STATE_REFUSED', `${label} waits for a decision.`, 'Withdraw its submission first.')
    }
  }

  function releaseOfModel(name: string): () => void {
    const found = rows.deletedModelByName(name)
    if (!found)
      throw new MaestroError(
        'STATE_REFUSED',
        `${name} is not in the trash.`,
        'Delete it first; only what is in the trash can be given up for good.',
      )
    assertNotInUse(rows.versions(found.id), true)
    return () => rows.deleteModel(found.id)
  }

  function releaseOfVersion(row: VersionRow, reference: string): () => void {
    if (!row.deletedAt) throw new MaestroError('STATE_REFUSED', `${reference} is not in the trash.`, 'Delete it first.')
    assertNotInUse([row], true)
    return () => rows.deleteVersion(row.id)
  }

  function setDeleted(reference: string, at: string | null, actor: string): ModelSummary {
    context.assertWritable()
    const parsed = parseModelReference(reference)
    return parsed.kind === 'name' ? setModelDeleted(parsed.name, at) : setVersionDeleted(version(reference), at, actor)
  }

  function moveVersion(row: VersionRow, at: string | null, actor: string): void {
    rows.setVersionDeleted(row.id, at)
    rows.touchModel(row.modelId, new Date().toISOString())
    remember(row.id, actor, at === null ? 'was restored' : 'was moved to the trash')
  }

  function setVersionDeleted(row: VersionRow, at: string | null, actor: string): ModelSummary {
    if ((row.deletedAt === null) !== (at === null)) {
      if (at !== null) assertNotInUse([row], false)
      context.database.transaction(() => {
        moveVersion(row, at, actor)
      })
      changed(row.id)
    }
    return modelSummary(rows.modelById(row.modelId) as ModelRow)
  }

  function setModelDeleted(name: string, at: string | null): ModelSummary {
    const alive = rows.modelByName(name)
    const found = at === null ? rows.deletedModelByName(name) : alive
    if (!found)
      throw new MaestroError(
        'NOT_FOUND',
        `There is no model named ${name}${at === null ? ' in the trash' : ''}.`,
        'maestro models list shows the models there are.',
        { name },
      )
    if (at === null && alive)
      throw new MaestroError('NAME_TAKEN', `There is another model named ${name} by now.`, 'Delete that one first.')
    if (at !== null) assertNotInUse(rows.versions(found.id), false)
    sqlite
      .prepare('UPDATE registered_model SET deleted_at = ?, updated_at = ? WHERE id = ?')
      .run(at, new Date().toISOString(), found.id)
    changed(null)
    return modelSummary(rows.modelById(found.id) as ModelRow)
  }

  return {
    assertNotInUse,
    moveVersion,

    /** Applies a retention rule, or says what it would do; see `planRetention`. */
    retain(
      rule: { readonly keep: number; readonly model: string | null; readonly apply: boolean },
      actor: string,
    ): RetentionPlan & { applied: boolean } {
      if (rule.model !== null) model(rule.model)
      if (!rule.apply) return { ...planRetention(sqlite, rule), applied: false }
      context.assertWritable()
      const plan = context.database.transaction(() => {
        const found = planRetention(sqlite, rule)
        const now = new Date().toISOString()
        for (const { id } of found.trash) {
          rows.setVersionDeleted(id, now)
          remember(id, actor, `was moved to the trash by the rule to keep the newest ${rule.keep}`)
        }
        return found
      })
      changed(null)
      return { ...plan, applied: true }
    },

    delete: (reference: string, actor: string) => setDeleted(reference, new Date().toISOString(), actor),
    restore: (reference: string, actor: string) => setDeleted(reference, null, actor),

    /** Gives up what is in the trash, and the blobs that nothing else uses. */
    purge(reference: string): { freedBytes: number } {
      context.assertWritable()
      const parsed = parseModelReference(reference)
      const release =
        parsed.kind === 'name' ? releaseOfModel(parsed.name) : releaseOfVersion(version(reference), reference)
      const busy = context.jobs.runningCount() > 0
      const freedBytes = releaseBlobs({ sqlite, blobs: context.blobs, busy }, () =>
        context.database.transaction(release),
      )
      changed(null)
      return { freedBytes }
    },
  }
}
