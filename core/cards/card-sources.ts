import type { DatasetDetail } from '../../shared/domain/datasets.ts'
import type { GlobalExplanation, Importance } from '../../shared/domain/explanations.ts'
import type { VersionDetail } from '../../shared/domain/models.ts'

/** All that a card is made from. */
export interface CardSources {
  readonly version: VersionDetail
  readonly pipelineDigest: string | null
  /** The dataset version that it was trained on, if it was trained here. */
  readonly dataset: Pick<
    DatasetDetail,
    'name' | 'version' | 'digest' | 'source' | 'rows' | 'columns' | 'warnings'
  > | null
  readonly explanation: GlobalExplanation | null
  readonly importance: Importance | null
  /** Who registered it. */
  readonly actor: string
}
