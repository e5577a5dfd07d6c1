/** What every task works on. Paths are of content-addressed blobs, so what was read once stays true. */
export interface OnModel {
  /** `pipeline.json` of the model. */
  readonly pipelinePath: string
  /** Column file of the table that the rows come from. */
  readonly columnFilePath: string
}
