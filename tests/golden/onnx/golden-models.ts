import { exportPipeline } from '../../../engine/onnx/export-pipeline.ts'
import type { Dialect } from '../../../engine/onnx/graph-builder.ts'
import type { Pipeline } from '../../../engine/pipeline/pipeline.ts'
import { randomStream } from '../../../engine/random.ts'
import type { RandomPipelineOptions } from '../../fixtures/random-pipelines.ts'
import { randomPipeline } from '../../fixtures/random-pipelines.ts'

/** One of each kind; the seed makes them the same on every machine. */
const kinds: readonly RandomPipelineOptions[] = (['binary', 'multiclass', 'regression'] as const).flatMap((task) =>
  (['trees', 'forest', 'linear', 'additive', 'neighbours', 'network'] as const).map((family) => ({
    task,
    family,
    nMembers: 2,
    depth: 3,
  })),
)

/** The same kinds in the form for older runtimes, which has no words. */
const portableKinds = kinds.filter(({ task }) => task !== 'regression').map((kind) => ({ ...kind, wordless: true }))

/** The pipelines that ONNX's own checker was shown, with their files. */
export const goldenModels: readonly { name: string; pipeline: Pipeline; bytes: Uint8Array }[] = [
  ...kinds.map((kind, index) => goldenModel(kind, index, 'current')),
  ...portableKinds.map((kind, index) => goldenModel(kind, index, 'portable')),
]

function goldenModel(kind: RandomPipelineOptions, index: number, dialect: Dialect) {
  const pipeline = randomPipeline(randomStream(index, 0x601d), kind)
  const bytes = exportPipeline(pipeline, { producer: 'Maestro', version: 'golden', metadata: {}, dialect })
  return { name: `${dialect === 'portable' ? 'portable-' : ''}${kind.task}-${kind.family}`, pipeline, bytes }
}
