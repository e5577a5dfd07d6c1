/** A hyperparameter is unknown or out of its range. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError'
}
