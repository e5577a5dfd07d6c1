/** The method asked for cannot explain this model. */
export class MethodUnavailableError extends Error {
  override readonly name = 'MethodUnavailableError'
}
