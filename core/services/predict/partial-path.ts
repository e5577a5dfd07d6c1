/** Where a job writes before its file is whole; the host removes it when the job did not end well. */
export function partialPath(out: string, jobId: string): string {
  return `${out}.${jobId}.partial`
}
