/** Every limit of the product, once. Each line says why it is what it is. */
export const limits = {
  /** Rows of one answer in a table view; more would only scroll past. */
  pageRows: 5_000,
  /** Rows of one batch prediction call over the contract; files have no such limit. */
  batchRows: 10_000,
  /** Anything larger is a blob in the content-addressed store, not a database row. */
  inlineBytes: 65_536,
  /** Columns of a dataset: beyond this the profile and the screens stop being useful. */
  columns: 10_000,
  /** A single line of a CSV longer than this is a binary or broken file. */
  lineBytes: 64 * 1024 * 1024,
  /** Classes of a multiclass target. */
  classes: 1_000,
  /** Characters of a name. */
  nameLength: 200,
  /** Rows on which every export is checked against the engine. */
  parityRows: 10_000,
  /** Largest difference of a probability or a relative prediction between ONNX and engine. */
  parityTolerance: 1e-6,
  /** Seconds that reading a foreign model, and then running it once, may take each: real ones take less than one. */
  quarantineSeconds: 30,
  /** Memory of the process that tries a foreign model, beyond four times the file: a table's model needs far less. */
  quarantineBytes: 2 * 1024 ** 3,
  /** Seconds between the request to cancel a job and its process being ended. */
  cancelGraceSeconds: 1,
  /** Hours within which somebody should have looked at a submission; then it shows as late. */
  approvalHours: 24,
  /** AutoML jobs an hour for one principal. */
  automlJobsPerHour: 10,
  /** Requests a minute for one principal on the team server. */
  apiPerMinute: 100,
  /** Times per minute that a progress stream speaks at the most is 60 × this. */
  progressPerSecond: 4,
} as const
