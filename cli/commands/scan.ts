import type { ScanReport } from '../../shared/domain/quarantine.ts'
import { verb } from '../command.ts'
import { bytes, seconds, table } from '../format.ts'
import { existingFile } from '../references.ts'

export const scan = verb({
  name: 'scan',
  words: 'FILE.onnx',
  summary: 'look whether a model file from elsewhere may be used; it is run once, apart, under limits',
  options: [],
  examples: ['scan fraud.onnx', 'scan fraud.onnx --json'],
  async run({ client, words: [file = ''] }) {
    const report = await (await client()).models.scan({ source: { path: existingFile(file) } })
    return { json: report, text: describe(report), exitCode: report.verdict === 'accepted' ? 0 : 5 }
  },
})

function describe({ verdict, findings, graph, sandbox }: ScanReport): string {
  const rows = findings.map(({ severity, message, where }) => [severity, where, message])
  return [
    verdict.toUpperCase(),
    rows.length > 0 ? table(['', 'where', 'found'], rows) : '',
    graph === null
      ? ''
      : `${graph.nodes} nodes, ${graph.parameters} constants; takes ${valueList(graph.inputs)}; gives ${valueList(graph.outputs)}`,
    sandbox === null
      ? 'It was not run.'
      : `Trial run: ${sandbox.outcome} in ${seconds(sandbox.seconds)}, ${bytes(sandbox.peakBytes)}.`,
  ]
    .filter((line) => line !== '')
    .join('\n')
}

/** Names come from the file: whatever could steer a terminal is left out. */
function valueList(values: readonly { readonly name: string; readonly type: string }[]): string {
  const shown = values.slice(0, 8).map(({ name, type }) => `${name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '�')} (${type})`)
  return `${shown.join(', ')}${values.length > shown.length ? ` and ${values.length - shown.length} more` : ''}`
}
