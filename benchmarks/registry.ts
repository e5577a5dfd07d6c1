/**
 * How quick the registry is with 10,000 versions: through the contract (the checks of permission, input and output
 * included), and in the built page in a real Chromium.
 *
 *   node scripts/run.mjs build && node benchmarks/registry.ts [versions]
 *
 * Host: the quickest of nine calls, since other programs share the machine. Window: from a click until the first frame after the table shows it, and the longest
 * gap between two frames while the list of 5,000 rows is scrolled from end to end and filtered letter by letter. The
 * bars: 50 ms a query, 150 ms a screen, and no frame that takes longer than 100 ms. Writes
 * benchmarks/results/registry.json.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import type { App } from '../core/app.ts'
import { openApp } from '../core/app.ts'
import { startBrowserHost } from '../core/rpc/browser-host.ts'
import { router } from '../core/rpc/router.ts'
import type { Actor } from '../core/services/service-context.ts'
import { machine, round } from './measured.ts'

const nVersions = Number(process.argv[2] ?? 10_000)
const nModels = 25
const rounds = 9
const executablePath = process.env.MAESTRO_CHROMIUM ?? '/usr/bin/chromium'
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const actor: Actor = { name: 'owner', role: 'superadmin' }

const folder = mkdtempSync(join(tmpdir(), 'maestro-registry-'))
const app = await openApp(join(folder, 'workspace'))
fill(app)
const host = await measureHost(app)
const window = await measureWindow(app)
await app.close()
rmSync(folder, { recursive: true })
const result = {
  machine: machine(),
  versions: nVersions,
  models: nModels,
  host,
  window,
}
writeFileSync('benchmarks/results/registry.json', `${JSON.stringify(result, null, 2)}\n`)
console.log(JSON.stringify(result, null, 2))

function fill({ context, models }: App): void {
  const { blobs, database } = context
  const learners = ['gradient-boosting', 'random-forest', 'extra-trees', 'logistic-regression']
  const onnx = blobs.put('onnx')
  const parity = blobs.put('{}')
  for (let first = 0; first < nVersions; first += 500) {
    database.transaction(() => {
      for (let at = first; at < Math.min(nVersions, first + 500); at++) {
        const value = 0.5 + ((at * 2_654_435_761) % 100_000) / 200_000
        const { id } = models.createVersion({
          name: `model ${String(at % nModels).padStart(2, '0')}`,
          description: '',
          onnx,
          pipelineDigest: null,
          task: 'binary',
          learner: learners[at % 4] as string,
          signature: { task: 'binary', target: 'y', classes: ['no', 'yes'], inputs: [], outputs: [] },
          params: { depth: String(at % 12), learningRate: String(0.3 / (1 + (at % 97))) },
          metric: 'roc_auc',
          score: { value, low: value - 0.02, high: value + 0.02 },
          source: { kind: 'file', file: 'model.onnx' },
          datasetVersionId: null,
          evidence: [{ kind: 'parity', ...parity }],
          actor: 'owner',
        })
        models.tag(id, 'team', ['risk', 'sales', 'care'][at % 3] as string)
        if (at >= nVersions - nModels) models.setAlias(id, 'production', 'owner')
      }
    })
  }
}

async function measureHost(of: App): Promise<Record<string, number>> {
  const client = createRouterClient(router, { context: { app: of, actor, correlationId: '' } })
  const questions: Record<string, () => Promise<unknown>> = {
    'first page of 100': () => client.models.versions({}),
    'filter by score and tag': () =>
      client.models.versions({ filter: "score > 0.9 and tags.team = 'risk'", order: 'score DESC' }),
    'filter by parameter': () => client.models.versions({ filter: "params.depth = '7'" }),
    'filter by alias': () => client.models.versions({ filter: "alias = 'production'" }),
    'page of 5,000': () => client.models.versions({ limit: 5_000 }),
    'one model with its versions': () => client.models.get({ name: 'model 00' }),
    'list of models': () => client.models.list({ brief: true }),
    'retention, dry run': () => client.models.retain({ keep: 5 }),
  }
  const found: Record<string, number> = {}
  for (const [name, ask] of Object.entries(questions)) {
    const times: number[] = []
    for (let turn = 0; turn < rounds; turn++) {
      const start = performance.now()
      await ask()
      times.push(performance.now() - start)
    }
    found[name] = round(Math.min(...times), 1)
  }
  return found
}

async function measureWindow(of: App): Promise<Record<string, number>> {
  const server = await startBrowserHost({ pages: resolve('out/renderer'), app: of, actor })
  const browser = await chromium.launch({ executablePath, args: flags.split(' ') })
  try {
    const page = await (await browser.newContext({ viewport: { width: 1380, height: 900 } })).newPage()
    await page.goto(server.newUrl())
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    const rows = '[role="grid"][aria-label="Versions"] .grid-row'
    const go = (path: string, content: string) => visit(page, path, content)
    await go('/models', '[role="grid"][aria-label="Models"] .grid-row')
    const first = await go('/model-versions', rows)
    await go('/models', '[role="grid"][aria-label="Models"] .grid-row')
    const again = await go('/model-versions', rows)
    const scrolling = await longestFrame(page, async () => {
      for (const share of [0.1, 0.3, 0.5, 0.7, 0.9, 1, 0.5, 0]) {
        await page.evaluate((to) => {
          const grid = document.querySelector('[role="grid"][aria-label="Versions"]') as HTMLElement
          grid.scrollTop = to * grid.scrollHeight
        }, share)
        await page.waitForTimeout(60)
      }
    })
    const search = page.getByRole('textbox', { name: 'Only versions where' })
    const typing = await longestFrame(page, async () => {
      await search.pressSequentially("score > 0.9 and tags.team = 'risk'")
    })
    const start = performance.now()
    await search.press('Enter')
    await page.waitForFunction(
      () => document.querySelector('[role="grid"][aria-label="Versions"]')?.getAttribute('aria-rowcount') !== '5001',
    )
    return {
      'first visit, ms': round(first, 1),
      'second visit, ms': round(again, 1),
      'filtered after, ms': round(performance.now() - start, 1),
      'longest frame while scrolling, ms': round(scrolling, 1),
      'longest frame while typing, ms': round(typing, 1),
    }
  } finally {
    await browser.close()
    await server.close()
  }
}

/** Milliseconds from the change of the address until the first frame after an element is there. */
function visit(page: Page, path: string, selector: string): Promise<number> {
  return page.evaluate(
    async ([to, of]) => {
      const start = performance.now()
      location.hash = to
      while (!document.querySelector(of)) await new Promise((done) => requestAnimationFrame(done))
      return performance.now() - start
    },
    [path, selector] as const,
  )
}

/** The longest gap between two frames while something is done, in milliseconds. */
async function longestFrame(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen = { longest: 0, last: performance.now() }
    Object.assign(globalThis, { seen })
    const tick = () => {
      const now = performance.now()
      seen.longest = Math.max(seen.longest, now - seen.last)
      seen.last = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await work()
  return page.evaluate(() => (globalThis as unknown as { seen: { longest: number } }).seen.longest)
}
