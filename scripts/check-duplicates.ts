import { readFileSync } from 'node:fs'

/**
 * What Maestro depends on directly is installed in one version: two copies of a schema library, a database driver or a
 * view library do not know each other's objects, and double what is shipped. Versions that only a dependency's own
 * dependency needs, and that never meet ours, are named here with the reason.
 */
const allowed: Readonly<Record<string, string>> = {
  '@electric-sql/pglite': 'the database of prisma dev, which nobody here starts',
  '@electron/fuses': 'electron-builder has its own; ours flips the fuses',
  'fast-check': 'effect, inside the prisma command, has its own for its own tests',
  '@types/node': 'apache-arrow pins its own; types only, and skipLibCheck keeps them apart',
  typescript: '6 for the tools that need its API, 7 for checking',
}

interface Entry {
  readonly version?: string
  readonly name?: string
  readonly link?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}
const packages = (JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> }).packages
const root = packages[''] ?? {}
const direct = new Set([...Object.keys(root.dependencies ?? {}), ...Object.keys(root.devDependencies ?? {})])

const versions = new Map<string, Map<string, string>>()
for (const [path, { version, name, link }] of Object.entries(packages)) {
  if (link || version === undefined || !path.includes('node_modules/')) continue
  const own = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const known = versions.get(own) ?? new Map<string, string>()
  versions.set(own, known.set(version, path))
}
for (const own of direct) {
  const installed = versions.get(own)
  if (!installed || installed.size < 2 || own in allowed) continue
  console.log(
    `${own} is installed ${installed.size} times: ${[...installed].map((each) => each.join(' at ')).join(', ')}`,
  )
  process.exitCode = 1
}
