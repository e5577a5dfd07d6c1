import type { FittedModel } from '../pipeline/pipeline.ts'
import type { GraphBuilder, Value } from './graph-builder.ts'
import { emitAdditive } from './models/additive-emitter.ts'
import { emitLinear } from './models/linear-emitter.ts'
import { emitNeighbours } from './models/neighbours-emitter.ts'
import { emitNetwork } from './models/network-emitter.ts'
import { emitTreeEnsemble } from './models/tree-ensemble-emitter.ts'

/** Writes a fitted model: from features, double [N, nFeatures], to scores, double [N, nOutputs]. A new family adds its case. */
export function emitModel(graph: GraphBuilder, features: Value, model: FittedModel): Value {
  switch (model.kind) {
    case 'trees':
      return emitTreeEnsemble(graph, features, model)
    case 'linear':
      return emitLinear(graph, features, model)
    case 'additive':
      return emitAdditive(graph, features, model)
    case 'neighbours':
      return emitNeighbours(graph, features, model)
    case 'network':
      return emitNetwork(graph, features, model)
  }
}
