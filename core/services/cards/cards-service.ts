import type { GlobalExplanation, Importance } from '../../../shared/domain/explanations.ts'
import type { CardState, ModelCard } from '../../../shared/domain/model-card.ts'
import { modelCard } from '../../../shared/domain/model-card.ts'
import type { VersionDetail } from '../../../shared/domain/models.ts'
import type { Performance } from '../../../shared/domain/training.ts'
import { MaestroError } from '../../../shared/errors.ts'
import { buildCard } from '../../cards/build-card.ts'
import { cardDocument } from '../../cards/card-document.ts'
import type { CardChange } from '../../cards/edit-card.ts'
import { editCard } from '../../cards/edit-card.ts'
import { deliver } from '../../documents/deliver.ts'
import type { DatasetService } from '../datasets/datasets-service.ts'
import type { ModelsService } from '../models/models-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { createCardRows } from './card-rows.ts'

/** Cards of registered versions: generated once, then edited in revisions that are all kept. */
export function createCardsService(context: ServiceContext, models: ModelsService, datasets: DatasetService) {
  const rows = createCardRows(context.database.sqlite)

  function readCard(digest: string): ModelCard {
    return modelCard.parse(JSON.parse(context.blobs.read(digest).toString('utf8')))
  }

  function generate(version: VersionDetail): ModelCard {
    const registered = version.activity.at(-1)
    return buildCard({
      version,
      pipelineDigest: models.resolve(version.id).pipelineDigest,
      dataset: version.dataset && datasets.get(version.dataset.versionId),
      explanation: models.evidence(version.id, 'explanation') as GlobalExplanation | null,
      importance: models.evidence(version.id, 'importance') as Importance | null,
      actor: registered?.actor ?? 'unknown',
    })
  }

  /** Stores a revision and makes it the version's evidence: both or neither. */
  function store(versionId: string, card: ModelCard): void {
    const last = card.changes.at(-1) as ModelCard['changes'][number]
    const { digest, bytes } = context.blobs.put(JSON.stringify(card))
    context.database.transaction(() => {
      rows.add(versionId, {
        revision: last.revision,
        digest,
        author: last.actor,
        what: last.what,
        createdAt: last.time,
      })
      models.putEvidence(versionId, { kind: 'card', digest, bytes })
    })
  }

  function stateOf(version: VersionDetail): CardState {
    const revisions = rows.revisions(version.id)
    const newest = revisions.at(-1)
    if (!newest) return { card: generate(version), revision: 0, digest: null, revisions: [] }
    return { card: readCard(newest.digest), revision: newest.revision, digest: newest.digest, revisions }
  }

  /** Decisions are on a card that they name by its digest, so they cannot be in it; they stand on it when it is read. */
  function withDecisions(state: CardState): CardState {
    return { ...state, card: { ...state.card, approvals: rows.decisions(state.card.identity.versionId) } }
  }

  const service = {
    /** The newest card as the content of a file; the same revision with the same decisions gives the same bytes. */
    write: (reference: string, format: 'html' | 'pdf' | 'json'): Promise<string | Uint8Array> =>
      writeState(service.get(reference), format),

    /** Makes the first card of a version that was just registered. Call it in the transaction that stores the version. */
    generate(reference: string): void {
      const version = models.version(reference)
      store(version.id, generate(version))
    },

    /** Gives a version the card that came with it from elsewhere, as it was there. */
    takeIn(reference: string, card: ModelCard): void {
      if (card.changes.length > 0) store(models.version(reference).id, card)
    },

    /** The card as it stands, or as it was at a revision. */
    get(reference: string, revision?: number): CardState {
      const state = stateOf(models.version(reference))
      if (revision === undefined || revision === state.revision) return withDecisions(state)
      const wanted = state.revisions.find((each) => each.revision === revision)
      if (!wanted)
        throw new MaestroError(
          'NOT_FOUND',
          `The card of ${reference} has no revision ${revision}.`,
          state.revisions.length === 0 ? 'It was never edited.' : `It has 1 to ${state.revision}.`,
        )
      return withDecisions({ ...state, card: readCard(wanted.digest), revision, digest: wanted.digest })
    },

    /**
     * Adds a revision with other texts. `revision` is the one that was read: if another was added since, CONFLICT, so that
     * nobody's words are lost unseen.
     */
    update(
      reference: string,
      change: CardChange,
      given: { readonly revision: number; readonly actor: string },
    ): CardState {
      context.assertWritable()
      const version = models.version(reference)
      return context.database.transaction(() => {
        const state = stateOf(version)
        if (state.revision !== given.revision)
          throw new MaestroError(
            'CONFLICT',
            `The card of ${reference} is at revision ${state.revision} by now.`,
            'Read it again, and write your change into that one.',
            { revision: state.revision },
          )
        const edited = editCard(state.card, change, { actor: given.actor, time: new Date().toISOString() })
        if (edited === null) return state
        if (state.revision === 0) store(version.id, state.card)
        store(version.id, edited)
        return stateOf(version)
      })
    },

    /** Writes the card as a file to the path `out`, or stores it as a download. The same revision with the same decisions gives the same bytes. */
    async export(
      reference: string,
      format: 'html' | 'pdf' | 'json',
      { revision, out }: { readonly revision?: number | undefined; readonly out?: string | undefined },
    ): Promise<{ path: string; bytes: number; digest: string; href: string | null }> {
      const state = service.get(reference, revision)
      const { model, version } = state.card.identity
      const content = await writeState(state, format)
      return deliver(context.blobs, content, out, `${model}-${version}-card.${format}`)
    },
  }

  async function writeState(
    { card, digest }: CardState,
    format: 'html' | 'pdf' | 'json',
  ): Promise<string | Uint8Array> {
    if (format === 'json') return `${JSON.stringify(card, null, 2)}\n`
    const evidence = <Content>(kind: string): Content | null => {
      const of = card.evidence[kind]
      return of !== undefined && context.blobs.has(of)
        ? (JSON.parse(context.blobs.read(of).toString('utf8')) as Content)
        : null
    }
    const document = cardDocument(
      card,
      { performance: evidence<Performance>('performance'), explanation: evidence<GlobalExplanation>('explanation') },
      digest,
    )
    // Loaded when first needed: with their charts and fonts they are a third of the time in which a short command starts.
    if (format === 'html') return (await import('../../documents/write-html.ts')).writeHtml(document)
    return (await import('../../documents/write-pdf.ts')).writePdf(document)
  }

  return service
}

export type CardsService = ReturnType<typeof createCardsService>
