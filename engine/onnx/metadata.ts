import type { Task } from '../frame/frame.ts'
import type { PipelineInput } from '../pipeline/pipeline.ts'
import type { OnnxOutput } from './outputs.ts'
import { readFields } from './protobuf-reader.ts'

/** The keys of metadata_props that Maestro writes. */
export const metadataKeys = {
  /** JSON of OnnxSchema: always there in a file of ours. */
  schema: 'maestro.schema',
  /** JSON of the full signature with ranges and levels, where the writer had the training data. */
  signature: 'maestro.signature',
  target: 'maestro.target',
  classes: 'maestro.classes',
  engineVersion: 'maestro.engine_version',
  learners: 'maestro.learners',
  provenance: 'maestro.provenance',
} as const

/** What a file of ours says of itself: enough to feed it and to read its answer. */
export interface OnnxSchema {
  readonly task: Task
  readonly target: string
  readonly classes: readonly string[]
  readonly threshold: number
  readonly inputs: readonly PipelineInput[]
  readonly outputs: readonly OnnxOutput[]
}

export interface OnnxMetadata {
  readonly producer: string
  readonly producerVersion: string
  readonly properties: Readonly<Record<string, string>>
}

const modelField = { producer: 2, producerVersion: 3, metadata: 14 } as const
const entryField = { key: 1, value: 2 } as const

/** No file of ours has more; a hostile one may not make us collect without end. */
const maxProperties = 1_000

/** Reads who wrote an ONNX file and its metadata_props, stepping over the graph. Throws ProtobufError on a broken file. */
export function readOnnxMetadata(bytes: Uint8Array): OnnxMetadata {
  const text = new TextDecoder()
  let producer = ''
  let producerVersion = ''
  const properties = new Map<string, string>()
  for (const { field, content } of readFields(bytes)) {
    if (content === null) continue
    if (field === modelField.producer) producer = text.decode(content)
    if (field === modelField.producerVersion) producerVersion = text.decode(content)
    if (field === modelField.metadata && properties.size < maxProperties) {
      const entry = new Map(readFields(content).map((part) => [part.field, text.decode(part.content ?? undefined)]))
      properties.set(entry.get(entryField.key) ?? '', entry.get(entryField.value) ?? '')
    }
  }
  return { producer, producerVersion, properties: Object.fromEntries(properties) }
}
