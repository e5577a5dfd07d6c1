import type { OnnxNode } from '../../../engine/onnx/reader/onnx-model.ts'
import { nodeAttributes, tensorTexts } from '../../../engine/onnx/reader/tensor-values.ts'
import { checkTreeEnsemble } from './check-tree-ensemble.ts'
import { checkTrees } from './check-trees.ts'
import type { Findings } from './findings.ts'
import type { KnownValue } from './scope.ts'

/**
 * Holds the lists of an `ai.onnx.ml` operator against each other: runtimes trust some of them and read or write behind
 * the end.
 */
export function checkParameters(
  node: OnnxNode,
  inputs: readonly KnownValue[],
  where: string,
  findings: Findings,
): void {
  const width = columnsOf(inputs[0])
  const problem = problemOf(node, width)
  if (problem !== null) findings.error('PARAMETERS', problem, where)
  if (node.operator === 'TreeEnsembleRegressor' || node.operator === 'TreeEnsembleClassifier') {
    checkTrees(node, width, where, findings)
  } else if (node.operator === 'TreeEnsemble') {
    checkTreeEnsemble(node, width, where, findings)
  }
}

/** The number of columns of a table; null where it is not certain. A vector of n counts as one row. */
function columnsOf(value: KnownValue | undefined): number | null {
  const last = value?.shape?.at(-1)
  return typeof last === 'number' && last > 0 && value?.shape !== null ? last : null
}

function problemOf(node: OnnxNode, width: number | null): string | null {
  switch (node.operator) {
    case 'LinearClassifier':
    case 'LinearRegressor':
      return linearProblem(node, width)
    case 'SVMClassifier':
    case 'SVMRegressor':
      return vectorProblem(node, width)
    case 'Scaler':
      return perColumnProblem(node, ['offset', 'scale'], width)
    case 'Imputer':
      return perColumnProblem(node, ['imputed_value_floats', 'imputed_value_int64s'], width)
    case 'LabelEncoder':
      return pairsProblem(node)
    default:
      return null
  }
}

function linearProblem(node: OnnxNode, width: number | null): string | null {
  const attributes = nodeAttributes(node)
  const coefficients = attributes.numbers('coefficients').length
  const intercepts = attributes.numbers('intercepts').length
  const targets = node.operator === 'LinearRegressor' ? attributes.integer('targets', 1) : Math.max(1, intercepts)
  if (coefficients === 0) return 'It has no coefficients.'
  if (targets < 1 || coefficients % targets !== 0 || (width !== null && coefficients !== targets * width)) {
    return `It has ${coefficients} coefficients for ${targets} outputs${width === null ? '' : ` and ${width} columns`}.`
  }
  if (intercepts !== 0 && intercepts !== targets) return `It has ${intercepts} intercepts for ${targets} outputs.`
  return null
}

function vectorProblem(node: OnnxNode, width: number | null): string | null {
  const attributes = nodeAttributes(node)
  const numbers = attributes.numbers('support_vectors').length
  const vectors =
    node.operator === 'SVMRegressor'
      ? attributes.integer('n_supports', 0)
      : attributes.integers('vectors_per_class').reduce((sum, count) => sum + count, 0)
  if (vectors < 0) return 'It announces a negative number of support vectors.'
  const each = vectors === 0 ? 0 : numbers / vectors
  if (!Number.isInteger(each) || (vectors > 0 && (each === 0 || (width !== null && each !== width)))) {
    return `It announces ${vectors} support vectors and gives ${numbers} numbers.`
  }
  const classes = attributes.integers('vectors_per_class').length
  const coefficients = attributes.numbers('coefficients').length
  const expected = node.operator === 'SVMRegressor' ? vectors : vectors * (classes - 1)
  if (vectors > 0 && coefficients !== expected) return `It has ${coefficients} coefficients where ${expected} belong.`
  return null
}

/** One number for all columns, or one for each. */
function perColumnProblem(node: OnnxNode, names: readonly string[], width: number | null): string | null {
  const attributes = nodeAttributes(node)
  for (const name of names) {
    const { length } = attributes.numbers(name)
    if (length > 1 && width !== null && length !== width) return `${name} has ${length} numbers for ${width} columns.`
  }
  return null
}

function pairsProblem(node: OnnxNode): string | null {
  const attributes = nodeAttributes(node)
  const count = (start: string) =>
    node.attributes
      .filter(({ name }) => name.startsWith(start))
      .reduce((sum, { name }) => {
        const tensor = attributes.tensor(name)
        if (tensor !== null) return sum + Math.max(attributes.numbers(name).length, tensorTexts(tensor).length)
        return sum + Math.max(attributes.numbers(name).length, attributes.texts(name).length)
      }, 0)
  const [keys, values] = [count('keys_'), count('values_')]
  return keys === values ? null : `It has ${keys} keys and ${values} values.`
}
