import { elementwiseOperators } from './elementwise.ts'
import { featureOperators } from './feature-operators.ts'
import { linearOperators } from './linear.ts'
import { matrixOperators } from './matrix.ts'
import { movementOperators } from './movement.ts'
import type { Operator } from './operator.ts'
import { reductionOperators } from './reductions.ts'
import { treeOperators } from './tree-operators.ts'

const { ArrayFeatureExtractor, ...standardMovements } = movementOperators

const standard = new Map(
  Object.entries({ ...elementwiseOperators, ...standardMovements, ...matrixOperators, ...reductionOperators }),
)
const machineLearning = new Map(
  Object.entries({ ArrayFeatureExtractor, ...featureOperators, ...linearOperators, ...treeOperators }),
)

/** The operator as it is evaluated here; undefined for one that only a runtime knows. */
export function findOperator(domain: string, name: string): Operator | undefined {
  if (domain === '') return standard.get(name)
  return domain === 'ai.onnx.ml' ? machineLearning.get(name) : undefined
}
