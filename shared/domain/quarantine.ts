import * as z from 'zod'

/** One thing that quarantine found in a model file, for a person to read. */
export const quarantineFinding = z.object({
  code: z.enum([
    'NOT_ONNX',
    'TOO_LARGE',
    'MALFORMED',
    'VERSION',
    'OPERATOR',
    'GRAPH',
    'TYPE',
    'TENSOR',
    'TREES',
    'PARAMETERS',
    'EXTERNAL_DATA',
    'RESOURCES',
    'NOT_LOADABLE',
    'FAILED',
    'TIME',
    'MEMORY',
    'CRASH',
    'UNUSUAL',
    'TEXTS',
    'NOT_SAMPLED',
  ]),
  /** An error rejects the file. */
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  /** The node, tensor or file that it is about; empty for the whole. */
  where: z.string(),
})

const graphValue = z.object({
  name: z.string(),
  /** As the standard spells it: `tensor(float)`. */
  type: z.string(),
  /** Lengths, names of lengths that are known only when it runs, null for any; null where nothing is said. */
  shape: z.array(z.union([z.int(), z.string(), z.null()])).nullable(),
})

/** What the file says of itself. */
export const graphSummary = z.object({
  producer: z.string(),
  opsets: z.array(z.object({ domain: z.string(), version: z.int() })),
  ops: z.array(z.object({ domain: z.string(), operator: z.string(), count: z.int() })),
  inputs: z.array(graphValue),
  outputs: z.array(graphValue),
  nodes: z.int(),
  parameters: z.number(),
})

/** What became of the trial run. */
export const sandboxReport = z.object({
  outcome: z.enum(['ran', 'refused', 'failed', 'timeout', 'memory', 'crashed']),
  seconds: z.number(),
  /** Largest memory of the process that tried it. */
  peakBytes: z.number(),
})

export const scanReport = z.object({
  verdict: z.enum(['accepted', 'rejected']),
  findings: z.array(quarantineFinding),
  /** Null where the file could not be read. */
  graph: graphSummary.nullable(),
  /** Null where it was rejected before anything was run. */
  sandbox: sandboxReport.nullable(),
})

export type QuarantineFinding = z.infer<typeof quarantineFinding>
export type ScanReport = z.infer<typeof scanReport>
export type GraphSummary = z.infer<typeof graphSummary>
