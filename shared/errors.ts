/**
 * Every expected failure has one of these codes; a code is declared here once, with the HTTP status it travels under,
 * the exit code of the command line, and what to say when the thrower says nothing better.
 */
export const errorCatalog = {
  INPUT_INVALID: { status: 400, exit: 2, message: 'What was sent does not fit what is expected here.' },
  NOT_FOUND: { status: 404, exit: 3, message: 'There is no such thing in this workspace.' },
  NAME_TAKEN: { status: 409, exit: 1, message: 'That name is taken.' },
  CONFLICT: { status: 409, exit: 1, message: 'Something else changed it meanwhile.' },
  UNAUTHORISED: { status: 401, exit: 4, message: 'Open Maestro again with a fresh link.' },
  FORBIDDEN: { status: 403, exit: 4, message: 'Your role does not allow this.' },
  POLICY_REFUSED: { status: 403, exit: 4, message: 'The policy does not allow this.' },
  STATE_REFUSED: { status: 409, exit: 4, message: 'Its state does not allow this.' },
  READ_ONLY: { status: 409, exit: 4, message: 'The workspace is open for reading only.' },
  FILE_NOT_FOUND: { status: 404, exit: 3, message: 'The file does not exist or cannot be read.' },
  DATASET_PARSE: { status: 422, exit: 1, message: 'The file could not be read as a table.' },
  DATASET_EMPTY: { status: 422, exit: 1, message: 'The file has no rows.' },
  DATASET_TOO_LARGE: { status: 422, exit: 1, message: 'The file is larger than Maestro takes.' },
  COLUMN_UNKNOWN: { status: 422, exit: 1, message: 'The dataset has no such column.' },
  TARGET_MISSING: { status: 422, exit: 1, message: 'The dataset has no such target column.' },
  TARGET_UNUSABLE: { status: 422, exit: 1, message: 'This column cannot be predicted.' },
  TASK_MISMATCH: { status: 422, exit: 1, message: 'The task does not fit the target.' },
  TRAINING_FAILED: { status: 422, exit: 1, message: 'No model could be trained.' },
  PARITY_FAILED: { status: 422, exit: 5, message: 'The exported model does not do what the trained one does.' },
  MODEL_INVALID: { status: 422, exit: 1, message: 'The file is not a model that Maestro can use.' },
  MODEL_REJECTED: { status: 422, exit: 5, message: 'The model did not pass quarantine.' },
  MODEL_FAILED: { status: 500, exit: 1, message: 'The model stopped while it predicted.' },
  SIGNATURE_MISMATCH: { status: 422, exit: 1, message: 'The rows do not have the columns that the model takes.' },
  SIGNATURE_INVALID: { status: 422, exit: 5, message: 'The signature does not verify.' },
  AUDIT_BROKEN: { status: 422, exit: 5, message: 'The audit log does not verify.' },
  IDENTITY_REVOKED: { status: 403, exit: 4, message: 'This identity was revoked.' },
  KEYCHAIN_UNAVAILABLE: { status: 503, exit: 1, message: 'The keychain of this system does not answer.' },
  KEY_LOCKED: { status: 409, exit: 4, message: 'The signing key needs its passphrase.' },
  KEY_MISSING: { status: 409, exit: 1, message: 'There is no signing key here.' },
  PASSPHRASE_WRONG: { status: 403, exit: 4, message: 'The passphrase does not open the key.' },
  EXPLANATION_FAILED: { status: 500, exit: 5, message: 'The attributions do not add up to the prediction.' },
  LIMIT_EXCEEDED: { status: 422, exit: 1, message: 'That is more than the limit allows.' },
  RATE_LIMITED: { status: 429, exit: 4, message: 'Too many requests; wait a moment.' },
  JOB_FAILED: { status: 500, exit: 1, message: 'The job failed.' },
  JOB_CRASHED: { status: 500, exit: 1, message: 'The process that did the work ended unexpectedly.' },
  CANCELLED: { status: 409, exit: 130, message: 'Cancelled.' },
  WORKSPACE_LOCKED: { status: 409, exit: 1, message: 'Another program holds the workspace and does not answer.' },
  WORKSPACE_DAMAGED: { status: 500, exit: 5, message: 'The workspace file is damaged.' },
  WORKSPACE_FROM_FUTURE: { status: 409, exit: 1, message: 'The workspace was written by a newer Maestro.' },
  BACKUP_INVALID: { status: 422, exit: 5, message: 'The backup does not verify.' },
  PACKAGE_INVALID: { status: 422, exit: 5, message: 'The package does not verify.' },
  DISK_FULL: { status: 507, exit: 1, message: 'There is no room left on the disk.' },
  INTERNAL: { status: 500, exit: 1, message: 'Something went wrong inside Maestro.' },
} as const satisfies Record<string, { readonly status: number; readonly exit: number; readonly message: string }>

export type ErrorCode = keyof typeof errorCatalog

/** An expected failure: it says what happened, what to do, and where. Crosses every boundary as plain data. */
export class MaestroError extends Error {
  override readonly name = 'MaestroError'
  readonly code: ErrorCode
  readonly hint: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message?: string, hint = '', details: Readonly<Record<string, unknown>> = {}) {
    super(message ?? errorCatalog[code].message)
    this.code = code
    this.hint = hint
    this.details = details
  }
}

/** What travels instead of an error: over process messages, in job rows and in answers. */
export interface ErrorRecord {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Bugs become INTERNAL with their message; the stack stays where it was logged. */
export function toErrorRecord(error: unknown): ErrorRecord {
  if (error instanceof MaestroError) {
    return { code: error.code, message: error.message, hint: error.hint, details: error.details }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'INTERNAL', message, hint: 'Look into the log; if it happens again, report it.', details: {} }
}

export function fromErrorRecord(record: ErrorRecord): MaestroError {
  return new MaestroError(record.code, record.message, record.hint, record.details)
}
