import type { AdditiveModel, AdditiveTerm } from '../learners/bayes/additive-model.ts'
import type { LinearModel } from '../learners/linear/linear-model.ts'
import type { TreeEnsemble } from '../learners/tree/tree-ensemble.ts'
import type { Encoder } from '../preprocess/encoder.ts'
import type { FeatureDescription } from '../preprocess/feature-matrix.ts'
import type { PipelineMember } from './pipeline.ts'

/**
 * One member whose score is the weighted mean of the members' scores: what bagging over folds gives, kept as one model,
 * so that it is explained exactly (Shapley values are linear in the score) and runs as one operator.
 * Members must be of the same family with the same outputs, link and target transform; their encoders may differ, and
 * equal ones are shared. Gives null where the members cannot be merged.
 */
export function mergeMembers(members: readonly PipelineMember[]): PipelineMember | null {
  const [first] = members
  if (!first) return null
  const total = members.reduce((sum, member) => sum + member.weight, 0)
  const shares = members.map((member) => member.weight / total)
  const joined = joinEncoders(members)
  const common = {
    weight: total,
    learner: first.learner,
    encoders: joined.encoders,
    features: joined.features,
    targetTransform: first.targetTransform,
  }
  if (members.some((member) => member.targetTransform !== first.targetTransform)) return null
  const trees = allTrees(members)
  if (trees) return { ...common, model: mergeTrees(trees, shares, joined) }
  const linear = allLinear(members)
  if (linear) return { ...common, model: mergeLinear(linear, shares, joined) }
  const additive = members.map(({ model }) => (model.kind === 'additive' ? model : null))
  if (isOneShape(additive)) return { ...common, model: mergeAdditive(additive, shares, joined) }
  return null
}

interface Joined {
  readonly encoders: readonly Encoder[]
  readonly features: readonly FeatureDescription[]
  /** For each member, the place of each of its features among the joined ones. */
  readonly placeOf: readonly Int32Array[]
}

/** Encoders of all members, equal ones once; they are plain data, so their text tells whether they are equal. */
function joinEncoders(members: readonly PipelineMember[]): Joined {
  const known = new Map<string, number>()
  const encoders: Encoder[] = []
  const features: FeatureDescription[] = []
  const placeOf = members.map((member) => {
    const places = new Int32Array(member.features.length)
    let at = 0
    for (const encoder of member.encoders) {
      const count = featureCount(encoder)
      const key = JSON.stringify(encoder)
      let place = known.get(key)
      if (place === undefined) {
        place = features.length
        known.set(key, place)
        encoders.push(encoder)
        features.push(...member.features.slice(at, at + count))
      }
      for (let i = 0; i < count; i++) places[at + i] = place + i
      at += count
    }
    return places
  })
  return { encoders, features, placeOf }
}

/** How many features an encoder makes. */
export function featureCount(encoder: Encoder): number {
  if (encoder.kind === 'terms') return encoder.terms.length
  return encoder.kind === 'one-hot' ? encoder.levels.length + (encoder.missingFeature ? 1 : 0) : 1
}

function isOneShape(models: readonly (AdditiveModel | null)[]): models is readonly AdditiveModel[] {
  const [first] = models
  return models.every((model) => model !== null && model.link === first?.link && model.nOutputs === first.nOutputs)
}

function allTrees(members: readonly PipelineMember[]): TreeEnsemble[] | null {
  const models: TreeEnsemble[] = []
  for (const { model } of members) {
    const [first] = models
    if (model.kind !== 'trees') return null
    if (first && (first.link !== model.link || first.nOutputs !== model.nOutputs)) return null
    models.push(model)
  }
  return models
}

function allLinear(members: readonly PipelineMember[]): LinearModel[] | null {
  const models: LinearModel[] = []
  for (const { model } of members) {
    const [first] = models
    if (model.kind !== 'linear') return null
    if (first && (first.link !== model.link || first.nOutputs !== model.nOutputs)) return null
    models.push(model)
  }
  return models
}

function mergeTrees(models: readonly TreeEnsemble[], shares: readonly number[], joined: Joined): TreeEnsemble {
  const first = models[0] as TreeEnsemble
  const nodes = models.reduce((sum, model) => sum + model.feature.length, 0)
  const merged = {
    kind: 'trees' as const,
    nFeatures: joined.features.length,
    nOutputs: first.nOutputs,
    base: new Float64Array(first.nOutputs),
    link: first.link,
    roots: new Int32Array(models.reduce((sum, model) => sum + model.roots.length, 0)),
    treeOutput: new Int32Array(models.reduce((sum, model) => sum + model.roots.length, 0)),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    categorySet: new Int32Array(nodes),
    categorySets: models.flatMap((model) => model.categorySets),
    missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    cover: new Float64Array(nodes),
    leafAt: new Int32Array(nodes),
    leafValues: new Float64Array(models.reduce((sum, model) => sum + model.leafValues.length, 0)),
  }
  const at = { node: 0, tree: 0, set: 0, leaf: 0 }
  for (const [index, model] of models.entries()) {
    const share = shares[index] as number
    const places = joined.placeOf[index] as Int32Array
    merged.roots.set(
      model.roots.map((root) => root + at.node),
      at.tree,
    )
    merged.treeOutput.set(model.treeOutput, at.tree)
    merged.feature.set(
      model.feature.map((feature) => (feature < 0 ? -1 : (places[feature] as number))),
      at.node,
    )
    merged.threshold.set(model.threshold, at.node)
    merged.categorySet.set(
      model.categorySet.map((set) => (set < 0 ? -1 : set + at.set)),
      at.node,
    )
    merged.missingLeft.set(model.missingLeft, at.node)
    merged.left.set(
      model.left.map((child) => (child < 0 ? -1 : child + at.node)),
      at.node,
    )
    merged.right.set(
      model.right.map((child) => (child < 0 ? -1 : child + at.node)),
      at.node,
    )
    merged.cover.set(model.cover, at.node)
    merged.leafAt.set(
      model.leafAt.map((leaf) => (leaf < 0 ? -1 : leaf + at.leaf)),
      at.node,
    )
    merged.leafValues.set(
      model.leafValues.map((value) => value * share),
      at.leaf,
    )
    for (let k = 0; k < merged.nOutputs; k++) {
      merged.base[k] = (merged.base[k] as number) + share * (model.base[k] as number)
    }
    at.node += model.feature.length
    at.tree += model.roots.length
    at.set += model.categorySets.length
    at.leaf += model.leafValues.length
  }
  return merged
}

function mergeLinear(models: readonly LinearModel[], shares: readonly number[], joined: Joined): LinearModel {
  const first = models[0] as LinearModel
  const nFeatures = joined.features.length
  const weights = new Float64Array(first.nOutputs * nFeatures)
  const intercept = new Float64Array(first.nOutputs)
  for (const [index, model] of models.entries()) {
    const share = shares[index] as number
    const places = joined.placeOf[index] as Int32Array
    for (let k = 0; k < first.nOutputs; k++) {
      intercept[k] = (intercept[k] as number) + share * (model.intercept[k] as number)
      for (let j = 0; j < model.nFeatures; j++) {
        const at = k * nFeatures + (places[j] as number)
        weights[at] = (weights[at] as number) + share * (model.weights[k * model.nFeatures + j] as number)
      }
    }
  }
  return { kind: 'linear', nFeatures, nOutputs: first.nOutputs, link: first.link, weights, intercept }
}

/** All terms behind one another, each with its model's share of the weight. */
function mergeAdditive(models: readonly AdditiveModel[], shares: readonly number[], joined: Joined): AdditiveModel {
  const first = models[0] as AdditiveModel
  const intercept = new Float64Array(first.nOutputs)
  const terms = models.flatMap((model, index) => {
    const share = shares[index] as number
    const places = joined.placeOf[index] as Int32Array
    for (let k = 0; k < first.nOutputs; k++) {
      intercept[k] = (intercept[k] as number) + share * (model.intercept[k] as number)
    }
    return model.terms.map((term) => shareOfTerm(term, places[term.feature] as number, share))
  })
  return { ...first, nFeatures: joined.features.length, intercept, terms }
}

function shareOfTerm(term: AdditiveTerm, feature: number, share: number): AdditiveTerm {
  const scaled = (values: Float64Array) => values.map((value) => value * share)
  switch (term.shape) {
    case 'square':
      return { ...term, feature, factors: scaled(term.factors), constants: scaled(term.constants) }
    case 'step':
      return { ...term, feature, below: scaled(term.below), above: scaled(term.above) }
    case 'table':
      return { ...term, feature, values: scaled(term.values) }
  }
}
