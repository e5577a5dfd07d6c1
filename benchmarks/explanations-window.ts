/**
 * How quick explanations are on the screen: `maestro serve` in a process of its own, and the built page in a real
 * Chromium.
 *
 *   node scripts/run.mjs build && node benchmarks/explanations-window.ts [rounds]
 *
 * What-if: from a key on a slider until the first frame that shows score and waterfall of the changed row, on the sample
 * project's ensemble (all coalitions, a first estimate) and forest (exact). Beeswarm: from the click that shows it until
 * the frame in which its 40,500 points (15 columns of 2,700 rows) are painted; they are put into the evidence of a
 * version, since a model's own has 1,000 rows. Idle: a key that asks for nothing, in the same run. The bars: a median of 50 ms, and 300 ms. Writes
 * benchmarks/results/explanations-window.json.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { openApp } from '../core/app.ts'
import { randomStream } from '../engine/random.ts'
import type { GlobalExplanation } from '../shared/domain/explanations.ts'
import { machine, round } from './measured.ts'

const rounds = Number(process.argv[2] ?? 30)
const bar = { whatIfMedianMilliseconds: 50, beeswarmMilliseconds: 300 }
const executablePath = process.env.MAESTRO_CHROMIUM ?? '/usr/bin/chromium'
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const swarm = { columns: 15, rows: 2_700 }

/** Attributions that fan out with their values, as a beeswarm's do. */
function manyPoints(base: GlobalExplanation): GlobalExplanation {
  const random = randomStream(1)
  return {
    ...base,
    rows: swarm.rows,
    rowNumbers: Array.from({ length: swarm.rows }, (_, row) => row),
    features: Array.from({ length: swarm.columns }, (_, column) => {
      const positions = Array.from({ length: swarm.rows }, () => random.nextFloat())
      const values = positions.map((position) => ((position - 0.5) * random.nextNormal()) / (column + 1))
      return {
        name: `column ${column}`,
        meanAbs: 1 / (column + 1),
        share: 0.1,
        points: [{ values, positions }],
        cells: positions,
      }
    }),
  }
}

/** The sample project, and the many points as the evidence of one version. */
async function prepare(workspace: string): Promise<void> {
  const app = await openApp(workspace)
  try {
    await app.workspace.seed()
    const { id } = app.models.version('titanic/1')
    const own = app.models.evidence(id, 'explanation') as GlobalExplanation
    const { digest, bytes } = app.context.blobs.put(JSON.stringify(manyPoints(own)))
    app.context.database.sqlite
      .prepare("UPDATE evidence SET digest = ?, bytes = ? WHERE version_id = ? AND kind = 'explanation'")
      .run(digest, bytes, id)
  } finally {
    await app.close()
  }
}

async function serve(workspace: string) {
  const child = spawn(process.execPath, [resolve('cli/maestro.mjs'), 'serve', '--workspace', workspace, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      url: (JSON.parse(line) as { url: string }).url,
      async stop() {
        const ended = once(child, 'exit')
        child.kill('SIGINT')
        await ended
      },
    }
  }
  throw new Error('maestro serve ended without an address')
}

async function openExplain(page: Page, version: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to
  }, `/models/${version}`)
  await page.getByRole('tab', { name: 'Explain' }).click()
  // The part that was chosen for the version before stays chosen.
  await page.getByText('All rows', { exact: true }).click()
  await page.getByText('of what moves this model').waitFor()
}

/** Milliseconds from each of many keys on a slider to the frame with its answer. */
async function whatIf(page: Page, version: string, column: string): Promise<number[]> {
  await openExplain(page, version)
  await page.getByText('What if', { exact: true }).click()
  const slider = page.getByRole('slider', { name: column })
  await slider.focus()
  await page.locator('[data-what-if] + section canvas').waitFor()
  const times: number[] = []
  for (let turn = 0; turn < rounds + 3; turn++) {
    // Keys go another way to the page than scripts: what waits for one has to be there before.
    const measured = await page.evaluateHandle(
      (name) => ({
        frame: new Promise<number>((done) => {
          const shown = () => {
            const row = document.querySelector<HTMLElement>('[data-what-if]')?.dataset.whatIf ?? '{}'
            return (JSON.parse(row) as Record<string, unknown>)[name]
          }
          const before = shown()
          const onKey = () => {
            const began = performance.now()
            const look = () => {
              // The frame in which it is found is painted after this callback; the next one comes after the paint.
              if (shown() !== before) requestAnimationFrame(() => done(performance.now() - began))
              else requestAnimationFrame(look)
            }
            requestAnimationFrame(look)
          }
          addEventListener('keydown', onKey, { capture: true, once: true })
        }),
      }),
      column,
    )
    await page.keyboard.press(turn % 20 < 10 ? 'ArrowRight' : 'ArrowLeft')
    const milliseconds = await measured.evaluate(({ frame }) => frame)
    // The first ones compile what later ones run.
    if (turn >= 3) times.push(milliseconds)
    // Shorter than the pause after which the exact explanation is worked out, as while one drags.
    await page.waitForTimeout(120)
  }
  return times
}

/**
 * Milliseconds from a key that changes nothing until the frame after the next one: what a key costs without any answer.
 * Above some 35 the machine is busy with something else, and the other times are too long by more than that.
 */
async function keyAlone(page: Page): Promise<number[]> {
  const times: number[] = []
  for (let turn = 0; turn < rounds; turn++) {
    const measured = await page.evaluateHandle(() => ({
      frame: new Promise<number>((done) => {
        const onKey = () => {
          const began = performance.now()
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)))
        }
        addEventListener('keydown', onKey, { capture: true, once: true })
      }),
    }))
    await page.keyboard.press('Shift')
    times.push(await measured.evaluate(({ frame }) => frame))
    await page.waitForTimeout(60)
  }
  return times
}

/** Milliseconds from the click that shows the beeswarm until a frame after its canvas has dots in the lowest row too. */
async function beeswarm(page: Page): Promise<number[]> {
  const times: number[] = []
  for (let turn = 0; turn < 8; turn++) {
    await page.getByText('Stability', { exact: true }).click()
    await page.getByText('Counted from 0').waitFor()
    times.push(
      await page.evaluate(
        () =>
          new Promise<number>((done, fail) => {
            const option = [...document.querySelectorAll<HTMLElement>('label')].find(
              ({ textContent }) => textContent === 'All rows',
            )
            const began = performance.now()
            option?.click()
            const isPainted = (canvas: HTMLCanvasElement) => {
              const pixels = canvas.getContext('2d')?.getImageData(canvas.width / 2, 0, canvas.width / 3, canvas.height)
              const { data, width } = pixels ?? { data: [], width: 1 }
              const dots = (from: number, to: number) => {
                let count = 0
                for (let at = from; at < to; at += 4) {
                  const [red = 0, green = 0, blue = 0, alpha = 0] = [data[at], data[at + 1], data[at + 2], data[at + 3]]
                  if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40) count += 1
                }
                return count
              }
              const part = Math.floor(data.length / 4 / width / 6) * width * 4
              return dots(0, part) > 20 && dots(4 * part, 5 * part) > 20
            }
            const look = () => {
              const canvas = document.querySelector<HTMLCanvasElement>(
                'section[aria-label^="What each column adds"] canvas',
              )
              if (canvas && canvas.width > 0 && isPainted(canvas)) done(performance.now() - began)
              else if (performance.now() - began > 10_000) fail(new Error('the beeswarm was not painted'))
              else requestAnimationFrame(look)
            }
            requestAnimationFrame(look)
          }),
      ),
    )
  }
  // The first one compiles what later ones run.
  return times.slice(1)
}

function summarise(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10
  return { fastest: at(0), median: at(0.5), ninetieth: at(0.9), slowest: at(1) }
}

/** All of it on one page of a host. */
async function measure(browser: Browser, workspace: string) {
  const host = await serve(workspace)
  try {
    const page = await (await browser.newContext({ viewport: { width: 1380, height: 900 } })).newPage()
    page.setDefaultTimeout(120_000)
    await page.goto(host.url)
    await page.getByRole('heading', { name: 'Home' }).waitFor()
    const ensemble = summarise(await whatIf(page, 'titanic/1', 'age'))
    const forest = summarise(await whatIf(page, 'iris/1', 'petal_length'))
    const idle = summarise(await keyAlone(page))
    await openExplain(page, 'titanic/1')
    return { idle, whatIf: { ensemble, forest }, beeswarm: summarise(await beeswarm(page)) }
  } finally {
    await host.stop()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'maestro-explanations-'))
const workspace = join(folder, 'workspace')
const browser = await chromium.launch({ executablePath, args: flags.split(' ') })
try {
  await prepare(workspace)
  const loadBefore = round(loadavg()[0] as number, 2)
  const milliseconds = await measure(browser, workspace)
  const result = {
    what: `a what-if slider (${rounds} keys) on the sample project, and a beeswarm of ${swarm.columns * swarm.rows} points`,
    machine: machine(`Chromium ${browser.version()}`),
    // Others at work on the machine: above its cores the times are too long.
    loadBefore,
    milliseconds,
    bar,
    met:
      Math.max(milliseconds.whatIf.ensemble.median, milliseconds.whatIf.forest.median) < bar.whatIfMedianMilliseconds &&
      milliseconds.beeswarm.median < bar.beeswarmMilliseconds,
  }
  console.log(JSON.stringify(result, null, 2))
  const results = resolve('benchmarks/results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'explanations-window.json'), `${JSON.stringify(result, null, 2)}\n`)
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
