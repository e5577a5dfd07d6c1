import type { OnnxModel, OperatorSet } from '../../../engine/onnx/reader/onnx-model.ts'
import { newestOperatorSet } from '../../../engine/onnx/reader/operator-schema.ts'
import { checkFunctions } from './check-functions.ts'
import { checkGraph } from './check-graph.ts'
import type { Findings } from './findings.ts'
import { shownName } from './findings.ts'

/** IR version of the newest standard that is known here. */
const newestIrVersion = 14

/** All static checks of what the file says: versions, graph, types, tensors, parameters of each operator. Runs nothing. */
export function checkModel(model: OnnxModel, findings: Findings): void {
  if (model.irVersion < 1 || model.irVersion > newestIrVersion) {
    findings.error('VERSION', `The file is written in version ${model.irVersion} of the format, which does not exist.`)
  }
  const versions = operatorSetVersions(model.operatorSets, findings)
  if (versions.size === 0) findings.error('VERSION', 'The file does not say which operator sets it uses.')
  if (model.graph === null) {
    findings.error('GRAPH', 'The file has no graph, so it computes nothing.')
    return
  }
  const functions = new Map(model.functions.map((each) => [`${each.domain}|${each.name}|${each.overload}`, each]))
  if (functions.size < model.functions.length) findings.error('GRAPH', 'Two functions have the same name.')
  for (const { name, domain } of model.functions) {
    if (newestOperatorSet(domain) === undefined) continue
    findings.error('GRAPH', `It defines ${shownName(name)} among the standard operators, so readers disagree on it.`)
  }
  checkFunctions(model, functions, findings)
  const context = { versions, functions, findings, inFunction: false }
  checkGraph(model.graph, null, context)
  for (const each of model.functions) {
    const own = operatorSetVersions(each.operatorSets, findings)
    const unknown = (name: string) => ({ name, type: null })
    checkGraph(
      {
        name: each.name,
        nodes: each.nodes,
        initializers: [],
        sparseInitializers: 0,
        inputs: each.inputs.map(unknown),
        outputs: each.outputs.map(unknown),
        valueInfos: [],
      },
      null,
      { ...context, versions: own.size > 0 ? own : versions, inFunction: true },
    )
  }
}

function operatorSetVersions(sets: readonly OperatorSet[], findings: Findings): Map<string, number> {
  const versions = new Map<string, number>()
  for (const { domain, version } of sets) {
    const known = versions.get(domain)
    const name = domain === '' ? 'the standard operators' : `the operators of ${shownName(domain)}`
    if (known !== undefined && known !== version) {
      findings.error('VERSION', `The file asks for ${name} in version ${known} and ${version} at once.`)
    } else if (known !== undefined) {
      findings.note('info', 'UNUSUAL', `The file names ${name} twice; exporters of scikit-learn do.`)
    }
    versions.set(domain, version)
    const newest = newestOperatorSet(domain)
    if (newest !== undefined && (version < 1 || version > newest)) {
      findings.error('VERSION', `The file asks for ${name} in version ${version}; there is 1 to ${newest}.`)
    }
  }
  return versions
}
