/** What the system asked the window to open. */
export type OpenRequest =
  | { readonly kind: 'table' | 'model' | 'package'; readonly path: string }
  | { readonly kind: 'page'; readonly to: string }
  | { readonly kind: 'unknown'; readonly asked: string }

/** Pages that a link may lead to, by the first part of their address. */
const linkable = new Set(['data', 'automl', 'experiments', 'runs', 'models', 'predict', 'approvals'])
const tables = /\.(csv|tsv|txt|parquet|arrow|feather|ipc)(\.gz)?$/i

/**
 * Reads a request as the shell sends it: the path of a file, or a `maestro://` link, whose path is that of a page
 * (`maestro://models/churn/3`). Anything else is unknown, and only shown.
 */
export function readOpenRequest({
  file,
  link,
}: {
  readonly file?: string | undefined
  readonly link?: string | undefined
}): OpenRequest {
  if (file !== undefined) {
    if (tables.test(file)) return { kind: 'table', path: file }
    if (/\.maestro$/i.test(file)) return { kind: 'package', path: file }
    return /\.onnx$/i.test(file) ? { kind: 'model', path: file } : { kind: 'unknown', asked: file }
  }
  const parts = (link ?? '')
    .replace(/^maestro:\/*/i, '')
    .replace(/[?#].*$/, '')
    .split('/')
    .filter((part) => part !== '')
  // A part that leads upwards is none of ours.
  if (!linkable.has(parts[0] ?? '') || parts.some((part) => /^\.+$/.test(part)))
    return { kind: 'unknown', asked: link ?? '' }
  return { kind: 'page', to: `/${parts.map(encodePart).join('/')}` }
}

function encodePart(part: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(part))
  } catch {
    return encodeURIComponent(part)
  }
}

/**
 * Where the page is to be instead, when the shell loaded it at `/open?…`: its own routes stand behind the #. Null when it
 * was loaded in the usual way.
 */
export function routeOfOpening(location: Pick<Location, 'pathname' | 'search'>): string | null {
  return location.pathname === '/open' ? `/#/open${location.search}` : null
}
