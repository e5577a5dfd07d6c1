/** Why a bundle or a folder is not accepted. Never leaves model-signing/: it becomes a finding. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: string
  readonly where: string | null

  constructor(code: string, message: string, where: string | null = null) {
    super(message)
    this.code = code
    this.where = where
  }
}
