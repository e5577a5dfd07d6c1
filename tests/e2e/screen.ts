import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import type { App } from '../../core/app.ts'
import { openApp } from '../../core/app.ts'
import type { BrowserHost } from '../../core/rpc/browser-host.ts'
import { startBrowserHost } from '../../core/rpc/browser-host.ts'
import type { Actor } from '../../core/services/service-context.ts'
import { newId } from '../../core/storage/ids.ts'
import { owner } from '../fixtures/test-app.ts'

const executablePath = process.env.MAESTRO_CHROMIUM ?? '/usr/bin/chromium'
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const pictures = 'out/e2e'

/** Whether there is a Chromium to drive; its place may be given as MAESTRO_CHROMIUM. */
export const hasChromium = existsSync(executablePath)

/** The built page in a real Chromium, on a host of its own. */
export interface Screen {
  readonly app: App
  readonly host: BrowserHost
  readonly page: Page
  /** What the page complained about so far, on the console or by an error that nobody caught. */
  readonly problems: string[]
  /** Changes the page's address. */
  go(path: string): Promise<void>
  /** Takes a picture of the screen in both themes, out/e2e/NAME-light.png and -dark.png, and fails on what axe finds serious there. */
  look(name: string): Promise<void>
  close(): Promise<void>
}

/** A folder's name that nothing has yet. It is made when the tests run: where they are skipped, nobody would take it away. */
export function freshFolder(name: string): string {
  return join(tmpdir(), `maestro-e2e-${name}-${newId()}`)
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath, args: flags.split(' ') })
}

/** Opens a workspace (made where there is none) as a person, and shows its Home. */
export async function openScreen(browser: Browser, workspace: string, actor: Actor = owner): Promise<Screen> {
  mkdirSync(pictures, { recursive: true })
  const app = await openApp(workspace, { face: 'browser' })
  const host = await startBrowserHost({ pages: resolve('out/renderer'), app, actor })
  // axe opens a second page in the same context, which browser.newPage() would forbid.
  // Less motion, or a message that goes while axe looks has colours of a moment.
  const context = await browser.newContext({
    viewport: { width: 1380, height: 900 },
    acceptDownloads: true,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  // Nothing here is timed; a machine that is busy must not turn it red.
  page.setDefaultTimeout(Number(process.env.E2E_WAIT ?? 90_000))
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(host.newUrl())
  await page.getByRole('heading', { name: 'Home' }).waitFor()
  return {
    app,
    host,
    page,
    problems,
    async go(path) {
      await page.evaluate((to) => {
        location.hash = to
      }, path)
    },
    async look(name) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        // A sheet that is still fading in has neither its colours nor its place yet.
        await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
        await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) })
        const { violations } = await new AxeBuilder({ page }).analyze()
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        expect(serious.map(({ id, nodes }) => `${name} ${colorScheme}: ${id} ${nodes[0]?.html ?? ''}`)).toEqual([])
      }
      await page.emulateMedia({ colorScheme: 'light' })
    },
    async close() {
      await context.close()
      await host.close()
      await app.close()
    },
  }
}

/**
 * One screen for all tests of a describe block, in a folder of its own that is taken away with it.
 * `name` only names the folder; `prepare` runs once the screen stands.
 */
export function screenFor(name: string, prepare: (screen: Screen) => void = () => {}) {
  const folder = freshFolder(name)
  let browser: Browser | undefined
  let screen: Screen | undefined
  beforeAll(async () => {
    browser = await launchChromium()
    screen = await openScreen(browser, join(folder, 'workspace'))
    prepare(screen)
  }, 120_000)
  afterAll(async () => {
    await screen?.close()
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    folder,
    get screen(): Screen {
      if (screen === undefined) throw new Error('The screen stands only while the tests run.')
      return screen
    },
  }
}
