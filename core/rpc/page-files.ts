import { randomBytes } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}

/** The policy of every page, in the browser and in the window; `nonce` is new for each load. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Sent with everything, page or not. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // Shared memory in the page needs both.
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}

/** What a page's address stands for: a file of the build as it lies there, or the page itself with its policy. */
export type PageAnswer =
  | { readonly kind: 'file'; readonly path: string; readonly headers: Record<string, string> }
  | { readonly kind: 'page'; readonly html: string; readonly headers: Record<string, string> }
  | { readonly kind: 'missing' }

/**
 * Finds what is asked for in the folder of the built renderer. Addresses without a file's ending are routes of the window
 * and give the page; a file that is not there is missing, so that a stale page does not get HTML for a script.
 */
export async function findPage(pages: string, pathname: string): Promise<PageAnswer> {
  const path = pathInside(pages, pathname)
  if (path === null) return { kind: 'missing' }
  const ending = extname(path)
  if (ending !== '' && ending !== '.html') {
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) return { kind: 'missing' }
    const headers = {
      ...commonHeaders,
      'content-type': contentTypes[ending] ?? 'application/octet-stream',
      'content-length': String(found.size),
      // Files in assets/ have their content's hash in their name.
      'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    return { kind: 'file', path, headers }
  }
  const nonce = randomBytes(16).toString('base64')
  const html = await readFile(join(pages, 'index.html'), 'utf8')
  return {
    kind: 'page',
    html: html.replaceAll('__STYLE_NONCE__', nonce),
    headers: {
      ...commonHeaders,
      'content-type': contentTypes['.html'] as string,
      'content-security-policy': contentSecurityPolicy(nonce),
      'cache-control': 'no-store',
    },
  }
}

/** The path that an address stands for, or null when it would lead out of the folder (or says what no path can). */
function pathInside(folder: string, pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null
  const root = resolve(folder)
  const path = resolve(root, `.${decoded.startsWith('/') ? '' : '/'}${decoded}`)
  return path === root || path.startsWith(root + sep) ? path : null
}
