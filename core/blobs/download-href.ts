/** Where the host serves a blob as a download. */
export function downloadHref(digest: string, name: string): string {
  return `/files/${digest.slice('sha256:'.length)}/${encodeURIComponent(name)}`
}
