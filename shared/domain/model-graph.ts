import * as z from 'zod'

/** Lengths of a tensor: a number, a name such as "rows", or "?" where nobody says. */
const shape = z.array(z.union([z.number(), z.string()])).nullable()

const graphValue = z.object({ name: z.string(), type: z.string().nullable(), shape })

export const graphNode = z.object({
  /** Place in the file, from 0. */
  id: z.int(),
  name: z.string(),
  operator: z.string(),
  /** Empty for the standard operators. */
  domain: z.string(),
  /** Steps from the inputs: nodes of one layer do not wait for each other. */
  layer: z.int(),
  inputs: z.array(graphValue.extend({ constant: z.boolean() })),
  outputs: z.array(graphValue),
  attributes: z.array(z.object({ name: z.string(), kind: z.string(), text: z.string() })),
})

/** What an ONNX file computes, to be looked at. All names are those of the file, to be shown as text. */
export const modelGraph = z.object({
  name: z.string(),
  producer: z.string(),
  documentation: z.string(),
  operatorSets: z.array(z.object({ domain: z.string(), version: z.int() })),
  inputs: z.array(graphValue),
  outputs: z.array(graphValue),
  nodes: z.array(graphNode),
  /** Nodes of the file; more than are listed where it is very large. */
  total: z.int(),
  /** Nodes that fit the search; all without one. */
  found: z.int(),
  constants: z.object({ count: z.int(), elements: z.number() }),
  metadata: z.record(z.string(), z.string()),
})

export type GraphNode = z.infer<typeof graphNode>
export type ModelGraph = z.infer<typeof modelGraph>
