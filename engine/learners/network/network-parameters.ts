import type { ParameterSpace, Parameters } from '../learner.ts'
import { ParameterError } from '../parameter-error.ts'

/** Hyperparameters of the neural network. */
export interface NetworkParameters {
  /** Units of each hidden layer, rounded up to a multiple of eight. */
  readonly width: number
  /** Hidden layers; all but the first add their inputs to their outputs. */
  readonly depth: number
  /** The largest step of Adam; it rises over the first twentieth of the steps and falls to 0 along a cosine. */
  readonly learningRate: number
  /** Share of hidden units that is left out of a step. */
  readonly dropout: number
  /** Share of the step by which weights shrink (AdamW). */
  readonly weightDecay: number
  readonly batchRows: number
  /** Most passes over the rows. */
  readonly epochs: number
  /** Passes without a lower validation loss after which training ends. */
  readonly patience: number
}

const defaults: NetworkParameters = {
  width: 128,
  depth: 2,
  learningRate: 2e-3,
  dropout: 0.1,
  weightDecay: 1e-2,
  batchRows: 256,
  epochs: 40,
  patience: 10,
}

export const networkSpace: ParameterSpace = {
  width: { kind: 'integer', low: 16, high: 384, log: true, start: 128 },
  depth: { kind: 'integer', low: 1, high: 4, log: false, start: 2 },
  learningRate: { kind: 'real', low: 2e-4, high: 1e-2, log: true, start: 2e-3 },
  dropout: { kind: 'real', low: 0, high: 0.5, log: false, start: 0.1 },
  weightDecay: { kind: 'real', low: 1e-4, high: 1, log: true, start: 1e-2 },
}

const limits: { readonly [name in keyof NetworkParameters]: readonly [low: number, high: number, whole: boolean] } = {
  width: [1, 4096, true],
  depth: [1, 20, true],
  learningRate: [1e-8, 1, false],
  dropout: [0, 0.95, false],
  weightDecay: [0, 100, false],
  batchRows: [1, 1_000_000, true],
  epochs: [1, 100_000, true],
  patience: [1, 100_000, true],
}

/** The given hyperparameters, defaults for the rest. Throws ParameterError. */
export function readNetworkParameters(given: Parameters): NetworkParameters {
  const read: { -readonly [name in keyof NetworkParameters]: number } = { ...defaults }
  for (const [name, value] of Object.entries(given)) {
    if (!(name in limits)) throw new ParameterError(`A neural network has no hyperparameter "${name}"`)
    const [low, high, whole] = limits[name as keyof NetworkParameters]
    if (typeof value !== 'number' || !(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      throw new ParameterError(`${name} must be ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`)
    }
    read[name as keyof NetworkParameters] = value
  }
  return read
}
