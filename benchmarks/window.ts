/**
 * How quick the window is on a workspace with 10,000 runs: `maestro serve` in a process of its own, and the built page in
 * a real Chromium.
 *
 *   node scripts/run.mjs build && node benchmarks/window.ts [runs] [rounds]
 *
 * Second start: from starting the command, with a workspace that was opened before, until Home shows recent work. A
 * screen switch: from the change of the address until the first frame after the screen's own content is in the page; the
 * first visit reads everything from the host, later ones show what is known and read it again. The bars: 2.5 s and a
 * median of 150 ms. Writes benchmarks/results/window.json.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { openApp } from '../core/app.ts'
import { machine, median } from './measured.ts'

const nRuns = Number(process.argv[2] ?? 10_000)
const rounds = Number(process.argv[3] ?? 9)
const bar = { secondStartMilliseconds: 2_500, switchMedianMilliseconds: 150 }
const executablePath = process.env.MAESTRO_CHROMIUM ?? '/usr/bin/chromium'
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
/** Runs written in one transaction while the workspace is filled, which is not what is measured. */
const batch = 500

interface Screen {
  readonly name: string
  readonly path: string
  /** In the page only when the screen shows what one came for. */
  readonly content: string
}

/** Fills a workspace: the sample project, and one experiment with all the runs. */
async function prepare(workspace: string): Promise<Screen[]> {
  const app = await openApp(workspace)
  try {
    await app.workspace.seed()
    const { id: experimentId } = app.experiments.createExperiment('ten thousand runs')
    const learners = ['gradient-boosting', 'random-forest', 'extra-trees', 'logistic-regression']
    for (let first = 0; first < nRuns; first += batch) {
      app.context.database.transaction(() => {
        for (let at = first; at < Math.min(nRuns, first + batch); at++) {
          const runId = app.runs.createRun({
            experimentId,
            name: `trial ${at}`,
            params: {
              learner: learners[at % learners.length] as string,
              learningRate: 0.3 / (1 + (at % 97)),
              leaves: 7 + (at % 250),
              depth: at % 12,
              seed: at,
            },
          })
          const value = (salt: number) => 0.5 + ((at * 2_654_435_761 + salt * 40_503) % 100_000) / 200_000
          app.runs.logMetrics(
            runId,
            ['roc_auc', 'log_loss', 'accuracy', 'f1', 'brier'].map((key, salt) => ({
              key,
              value: value(salt),
              step: 0,
            })),
          )
          app.runs.finishRun(runId, 'FINISHED')
        }
      })
    }
    const [model] = app.models.list({ deleted: false, search: '' }).models
    const version = model?.versions[0]
    const best = app.runs.list({
      experimentIds: [],
      filter: `params.learner != ''`,
      order: 'start_time ASC',
      limit: 1,
      page: null,
      deleted: false,
    }).runs[0]
    if (!model || !version || !best) throw new Error('the sample project has no model')
    return [
      { name: 'Home', path: '/', content: 'section.card a[href*="experiments"]' },
      { name: 'Data', path: '/data', content: '[role="grid"][aria-label="Datasets"] .grid-row' },
      { name: 'Dataset', path: '/data/titanic', content: 'table[aria-label="Columns"] tbody tr' },
      { name: 'AutoML set-up', path: '/automl?dataset=titanic', content: 'input[placeholder="Choose the target"]' },
      { name: 'Experiments', path: '/experiments', content: '[role="grid"][aria-label="Experiments"] .grid-row' },
      {
        name: `Runs (${nRuns})`,
        path: `/experiments/${experimentId}`,
        content: '[role="grid"][aria-label="Runs"] .grid-row',
      },
      { name: 'Run', path: `/runs/${best.id}`, content: '[role="tabpanel"] .card' },
      { name: 'Models', path: '/models', content: '[role="grid"][aria-label="Models"] .grid-row' },
      { name: 'Model', path: `/models/${model.name}`, content: '[role="grid"][aria-label="Versions"] .grid-row' },
      {
        name: 'Version',
        path: `/models/${model.name}/${version.version}`,
        content: 'table[aria-label="Signature"] tbody tr',
      },
      { name: 'Predict', path: '/predict', content: '.card input' },
      { name: 'Trash', path: '/trash', content: 'h2, [role="grid"]' },
      { name: 'Settings', path: '/settings', content: '.mantine-SegmentedControl-root' },
    ]
  } finally {
    await app.close()
  }
}

/** Starts the command and waits for its address. */
async function serve(workspace: string) {
  const child = spawn(process.execPath, ['cli/maestro.mjs', 'serve', '--json', '--workspace', workspace], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string }
    return {
      url,
      async stop() {
        const ended = once(child, 'exit')
        child.kill('SIGINT')
        await ended
      },
    }
  }
  throw new Error('maestro serve ended without an address')
}

/** Starts everything anew and measures until Home shows recent work. */
async function start(browser: Browser, workspace: string) {
  const began = performance.now()
  const host = await serve(workspace)
  const served = performance.now()
  const context = await browser.newContext({ viewport: { width: 1380, height: 900 } })
  const page = await context.newPage()
  await page.goto(host.url)
  await page.locator('section.card a[href*="experiments"]').first().waitFor()
  const usable = performance.now()
  return { host, context, page, hostMilliseconds: served - began, totalMilliseconds: usable - began }
}

/** Milliseconds from the change of the address to the first frame that shows the content. */
function switchTo(page: Page, { path, content }: Screen): Promise<number> {
  return page.evaluate(
    ({ to, selector }) =>
      new Promise<number>((done, fail) => {
        const before = document.querySelector('#content')?.firstElementChild
        const began = performance.now()
        location.hash = to
        const look = () => {
          const content = document.querySelector('#content')
          // The screen before must have gone: another one may have such content too.
          const isNew = content?.firstElementChild !== before || !before?.isConnected
          if (isNew && content?.querySelector(selector)) {
            // The frame in which it is found is painted after this callback; the next one comes after the paint.
            requestAnimationFrame(() => done(performance.now() - began))
          } else if (performance.now() - began > 10_000) fail(new Error(`${to} did not show ${selector}`))
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
    { to: path, selector: content },
  )
}

const folder = mkdtempSync(join(tmpdir(), 'maestro-window-'))
const workspace = join(folder, 'workspace')
const browser = await chromium.launch({ executablePath, args: flags.split(' ') })
try {
  const screens = await prepare(workspace)
  const first = await start(browser, workspace)
  await first.context.close()
  await first.host.stop()
  const starts: { hostMilliseconds: number; totalMilliseconds: number }[] = []
  for (let round = 0; round < 2; round++) {
    const again = await start(browser, workspace)
    starts.push(again)
    await again.context.close()
    await again.host.stop()
  }
  const last = await start(browser, workspace)
  starts.push(last)
  const times = new Map<string, number[]>(screens.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const screen of [...screens.slice(1), screens[0] as Screen]) {
      times.get(screen.name)?.push(await switchTo(last.page, screen))
      // As people do: look before going on, so that what runs afterwards does not count for the next screen.
      await last.page.waitForTimeout(150)
    }
  }
  await last.context.close()
  await last.host.stop()
  const switches = Object.fromEntries(
    [...times].map(([name, all]) => [
      name,
      {
        firstVisit: Math.round(all[0] as number),
        median: Math.round(median(all)),
        slowest: Math.round(Math.max(...all)),
      },
    ]),
  )
  const secondStart = Math.round(median(starts.map(({ totalMilliseconds }) => totalMilliseconds)))
  const result = {
    what: `window on a workspace with ${nRuns} runs and the sample project; ${rounds} rounds through ${screens.length} screens`,
    machine: machine(`Chromium ${browser.version()}`),
    milliseconds: {
      secondStart,
      ofThatHost: Math.round(median(starts.map(({ hostMilliseconds }) => hostMilliseconds))),
      switches,
    },
    bar,
    met:
      secondStart < bar.secondStartMilliseconds &&
      Object.values(switches).every((each) => each.median < bar.switchMedianMilliseconds),
  }
  console.log(JSON.stringify(result, null, 2))
  const results = resolve('benchmarks/results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'window.json'), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
