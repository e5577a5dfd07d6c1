import type { OnnxAttribute, OnnxNode, OnnxShape } from '../../../engine/onnx/reader/onnx-model.ts'
import { attributeKinds, elementTypeNames } from '../../../engine/onnx/reader/onnx-model.ts'
import type { OperatorSchema, TypeToken } from '../../../engine/onnx/reader/operator-schema.ts'
import { newestOperatorSet, operatorSchema } from '../../../engine/onnx/reader/operator-schema.ts'
import { checkParameters } from './check-parameters.ts'
import { checkSizes } from './check-sizes.ts'
import { checkTensor } from './check-tensor.ts'
import type { Findings } from './findings.ts'
import { shownName } from './findings.ts'
import type { GraphContext, KnownValue, Scope } from './scope.ts'
import { lookUp } from './scope.ts'

/** Operators of ONNX Runtime's own that exporters and optimisers write; none reads a file or calls anything. */
const microsoftOperators = new Set([
  'Attention',
  'BiasGelu',
  'EmbedLayerNormalization',
  'FastGelu',
  'FusedConv',
  'FusedGemm',
  'FusedMatMul',
  'Gelu',
  'LayerNormalization',
  'MatMulNBits',
  'QuickGelu',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'Tokenizer',
])

/** Operators that decode foreign formats, which is more code to trust than a model needs. */
const refusedOperators = new Set(['ImageDecoder'])

/** Operators that run other graphs, perhaps without end; the trial run shows. */
const looping = new Set(['Loop', 'Scan'])

/** Checks one node against the standard and tells what is known of its outputs. */
export function checkNode(node: OnnxNode, scope: Scope, context: GraphContext): KnownValue[] {
  const { findings, versions, functions } = context
  const where = `node ${shownName(node.name || node.outputs[0] || '')} (${shownName(node.operator)})`
  checkAttributes(node, where, findings)
  if (functions.has(`${node.domain}|${node.operator}|${node.overload}`)) return []
  if (node.domain === 'com.microsoft' && microsoftOperators.has(node.operator)) return []
  const version = versions.get(node.domain)
  if (version === undefined || newestOperatorSet(node.domain) === undefined) {
    const domain = node.domain === '' ? 'standard operators, which the file does not ask for' : shownName(node.domain)
    findings.error(
      'OPERATOR',
      `${shownName(node.operator)} is of ${domain}; Maestro runs no operators of others.`,
      where,
    )
    return []
  }
  const schema = operatorSchema(node.domain, node.operator, version)
  if (schema === null || refusedOperators.has(node.operator)) {
    const reason = schema === null ? `is not in version ${version} of its operator set` : 'is not allowed'
    findings.error('OPERATOR', `The operator ${shownName(node.operator)} ${reason}.`, where)
    return []
  }
  if (looping.has(node.operator)) {
    findings.note('info', 'UNUSUAL', 'It repeats a graph; only running it shows whether it ends.', where)
  }
  checkAgainstSchema(node, schema, where, findings)
  const inputs = node.inputs.map((name) => lookUp(scope, name) ?? nothingKnown)
  const types = inferTypes(node, schema, inputs, where, findings)
  checkSizes(node, inputs, where, findings)
  if (node.domain === 'ai.onnx.ml') checkParameters(node, inputs, where, findings)
  return types.map((type, index) => ({ type, shape: index === 0 ? shapeAfter(node, inputs) : null, constant: null }))
}

const nothingKnown: KnownValue = { type: null, shape: null, constant: null }

function checkAttributes({ attributes }: OnnxNode, where: string, findings: Findings): void {
  const names = new Set<string>()
  for (const attribute of attributes) {
    if (names.has(attribute.name))
      findings.error('OPERATOR', `It has two values of ${shownName(attribute.name)}.`, where)
    names.add(attribute.name)
    for (const tensor of [attribute.tensor, ...attribute.tensors]) {
      if (tensor !== null) checkTensor(tensor, `${where}, ${shownName(attribute.name)}`, findings)
    }
  }
}

function checkAgainstSchema(node: OnnxNode, schema: OperatorSchema, where: string, findings: Findings): void {
  const counts = [
    { what: 'inputs', count: node.inputs.length, arity: schema.inputs },
    { what: 'outputs', count: node.outputs.length, arity: schema.outputs },
  ]
  for (const { what, count, arity } of counts) {
    if (count < arity.least || count > arity.most) {
      const most = Number.isFinite(arity.most) ? arity.most : 'any number'
      findings.error('OPERATOR', `It has ${count} ${what}; it takes ${arity.least} to ${most}.`, where)
    }
  }
  const given = new Map(node.attributes.map((attribute) => [attribute.name, attribute]))
  for (const [name, { kind, required }] of schema.attributes) {
    const attribute = given.get(name)
    if (attribute === undefined && required) findings.error('OPERATOR', `It lacks ${name}.`, where)
    else if (attribute !== undefined && !isOfKind(attribute, kind)) {
      findings.error('OPERATOR', `${name} is of another kind than the standard says.`, where)
    }
  }
  for (const name of given.keys()) {
    if (!schema.attributes.has(name)) {
      findings.error('OPERATOR', `The standard has no ${shownName(name)} for it.`, where)
    }
  }
}

function isOfKind(attribute: OnnxAttribute, kind: number): boolean {
  if (attribute.kind === 0 || attribute.reference !== '') return true
  if (attribute.kind !== kind) return false
  if (kind === attributeKinds.tensor) return attribute.tensor !== null
  return kind === attributeKinds.graph ? attribute.graph !== null : true
}

/** Binds the type variables by the inputs, and reads the outputs' types off them. */
function inferTypes(
  node: OnnxNode,
  schema: OperatorSchema,
  inputs: readonly KnownValue[],
  where: string,
  findings: Findings,
): (string | null)[] {
  const bound = new Map<string, string>()
  for (const [index, { type }] of inputs.entries()) {
    const token = tokenAt(schema.inputTypes, index)
    if (token === null || type === null || node.inputs[index] === '') continue
    const allowed = token.types ?? schema.constraints.get(token.variable ?? '')
    if (allowed !== undefined && !allowed.has(type)) {
      findings.error('TYPE', `${shownName(node.inputs[index] as string)} is ${type}, which it does not take.`, where)
    }
    if (token.variable === null || token.repeats === 'any') continue
    const known = bound.get(token.variable)
    if (known !== undefined && known !== type) {
      findings.error('TYPE', `Its inputs are ${known} and ${type}, which should be the same.`, where)
    }
    bound.set(token.variable, type)
  }
  return node.outputs.map((_, index) => {
    const token = tokenAt(schema.outputTypes, index)
    if (token === null || token.repeats === 'any') return null
    if (token.variable !== null && bound.has(token.variable)) return bound.get(token.variable) as string
    const allowed = token.types ?? schema.constraints.get(token.variable as string)
    return allowed?.size === 1 ? ([...allowed][0] as string) : typeByAttribute(node)
  })
}

function tokenAt(tokens: readonly TypeToken[], index: number): TypeToken | null {
  const last = tokens.at(-1)
  return tokens[index] ?? (last !== undefined && last.repeats !== 'no' ? last : null)
}

/** The type that an attribute gives the output, where one does. */
function typeByAttribute({ operator, attributes }: OnnxNode): string | null {
  const name = operator === 'Cast' ? 'to' : operator === 'ConstantOfShape' || operator === 'Constant' ? 'value' : null
  const attribute = attributes.find((each) => each.name === name)
  if (attribute === undefined || attribute.reference !== '') return null
  const elementType = elementTypeNames[attribute.tensor?.elementType ?? attribute.integer]
  return elementType === undefined ? null : `tensor(${elementType})`
}

/** Operators that change numbers and keep the table's shape. */
const keepsShape = new Set(['Cast', 'Identity', 'Imputer', 'Scaler', 'Normalizer', 'Binarizer', 'LabelEncoder'])

/** Where the number of columns is certain: enough to hold the parameters of `ai.onnx.ml` against it. */
function shapeAfter(node: OnnxNode, inputs: readonly KnownValue[]): OnnxShape | null {
  if (keepsShape.has(node.operator)) return inputs[0]?.shape ?? null
  if (node.operator !== 'Concat') return null
  const axis = node.attributes.find(({ name }) => name === 'axis')?.integer
  if (axis !== 1 && axis !== -1) return null
  let width = 0
  for (const { shape } of inputs) {
    const length = shape?.length === 2 ? shape[1] : null
    if (typeof length !== 'number') return null
    width += length
  }
  return [null, width]
}
