import type { TermsEncoder } from '../../preprocess/encoder.ts'
import { castTo, concatenateColumns, multiply, roundToFloat32, rowConstant } from '../arithmetic.ts'
import type { GraphBuilder, Value } from '../graph-builder.ts'
import { OnnxExportError } from '../onnx-export-error.ts'
import type { InputColumn } from './input-column.ts'

const unknownTerm = -1

export function emitTerms(
  graph: GraphBuilder,
  encoders: readonly TermsEncoder[],
  columns: readonly InputColumn[],
): Value {
  return concatenateColumns(
    graph,
    encoders.map((encoder, index) => emitOne(graph, encoder, columns[index] as InputColumn)),
  )
}

/** Words, the places of their terms, counts of the places, times weights. */
function emitOne(graph: GraphBuilder, { terms, forms, termOfForm, weights }: TermsEncoder, column: InputColumn): Value {
  if (!column.isText) throw new OnnxExportError(`Column "${column.name}" holds numbers, but its encoder takes texts.`)
  if (graph.dialect === 'portable')
    throw new OnnxExportError(`The words of "${column.name}" need StringSplit, which older runtimes do not have.`)
  const texts = graph.node('Reshape', [column.value, graph.constant('int64', [1], [-1])])
  const [tokens] = graph.nodeOfTwo('StringSplit', [texts], { delimiter: { text: ' ' } })
  const places = graph.mlNode('LabelEncoder', [tokens], {
    keys_tensor: { tensor: { type: 'string', shape: [forms.length], values: forms } },
    values_tensor: { tensor: { type: 'int64', shape: [termOfForm.length], values: termOfForm } },
    default_tensor: { tensor: { type: 'int64', shape: [1], values: [unknownTerm] } },
  })
  // A batch of empty texts has no words at all, so each row gets one that is unknown.
  const one = graph.node('Shape', [texts], {})
  const column1 = graph.node('Concat', [one, graph.constant('int64', [1], [1])], { axis: { integer: 0 } })
  const unknown = graph.node('Expand', [graph.constant('int64', [1, 1], [unknownTerm]), column1])
  const filled = graph.node('Concat', [places, unknown], { axis: { integer: 1 } })
  const vocabulary = terms.map((_, place) => place)
  const counts = graph.node('TfIdfVectorizer', [filled], {
    mode: { text: 'TF' },
    min_gram_length: { integer: 1 },
    max_gram_length: { integer: 1 },
    max_skip_count: { integer: 0 },
    ngram_counts: { integers: [0] },
    ngram_indexes: { integers: vocabulary },
    pool_int64s: { integers: vocabulary },
  })
  return roundToFloat32(graph, multiply(graph, castTo(graph, counts, 'double'), rowConstant(graph, weights)))
}
