import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { foreignModel } from '../fixtures/foreign-models.ts'
import { owner } from '../fixtures/test-app.ts'
import { hasChromium, screenFor } from './screen.ts'

/** Five scores that are added up, so that there is something to fold. */
const summed = foreignModel({
  nodes: [
    ...Array.from({ length: 5 }, (_, at) => ({ operator: 'MatMul', inputs: ['x', `w${at}`], outputs: [`s${at}`] })),
    { operator: 'Sum', inputs: ['s0', 's1', 's2', 's3', 's4'], outputs: ['sum'] },
    { operator: 'Sigmoid', inputs: ['sum'], outputs: ['y'] },
  ],
  constants: Array.from({ length: 5 }, (_, at) => [
    `w${at}`,
    { type: 'float', shape: [2, 1], values: [at - 1, 0.5 * at] },
  ]),
  outputs: [['y', 'float', ['n', 1]]],
})

describe.skipIf(!hasChromium)('a model of another tool in the window', () => {
  const stage = screenFor('foreign')

  test('is registered with sample data and native predictions', async () => {
    const { app } = stage.screen
    const rows = Array.from({ length: 60 }, (_, row) => [row / 60, ((row * 7) % 11) / 11])
    const table = join(stage.folder, 'people.csv')
    writeFileSync(table, `age,fare\n${rows.map((row) => row.join(',')).join('\n')}\n`)
    const imported = app.datasets.import({ source: { path: table }, name: 'people', types: {}, reading: {} })
    await app.jobs.wait(imported.job.id)
    const model = join(stage.folder, 'summed.onnx')
    writeFileSync(model, summed)
    const native = join(stage.folder, 'native.csv')
    writeFileSync(native, `prediction\n${rows.map(([age = 0]) => age).join('\n')}\n`)
    const { job } = app.explain.register(
      {
        name: 'summed',
        description: '',
        source: { path: model },
        columns: [],
        sample: 'people',
        nativePredictions: { path: native },
      },
      owner,
    )
    expect((await app.jobs.wait(job.id)).state).toBe('succeeded')
  })

  test('says that the export does something else than its own tool', async () => {
    await stage.screen.go('/models/summed/1')
    await stage.screen.page.getByText('This export does not do what the model did: 60 of 60 rows differ.').waitFor()
    await stage.screen.look('foreign-overview')
  })

  test('has a graph that can be searched and unfolded', async () => {
    const { page } = stage.screen
    await page.getByRole('tab', { name: 'Graph' }).click()
    await page.getByRole('button', { name: '5 × MatMul' }).click()
    await page.getByRole('button', { name: 'Sigmoid' }).click()
    await page.getByRole('region', { name: 'Node Sigmoid' }).waitFor()
    await stage.screen.look('foreign-graph')
    await page.getByRole('searchbox', { name: 'Search the graph' }).fill('s3')
    await page.getByText('2 of 7 nodes').waitFor()
  })

  test('is explained', async () => {
    const { page } = stage.screen
    await page.getByRole('tab', { name: 'Explain' }).click()
    await page.getByText('exact (').first().waitFor()
    await page.locator('canvas').first().waitFor()
    await stage.screen.look('foreign-explain')
  })

  test('is dropped on the window and tried on a table of the workspace', async () => {
    const { page } = stage.screen
    await page.evaluate(
      (bytes) => {
        const given = new DataTransfer()
        given.items.add(new File([new Uint8Array(bytes)], 'dropped.onnx'))
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: given, bubbles: true, cancelable: true }))
      },
      [...summed],
    )
    await page.getByLabel('Sample data').first().click()
    await page.getByRole('option', { name: 'people' }).click()
    await page.getByText('Predictions of its own tool').waitFor()
    await stage.screen.look('foreign-register')
    await page.getByRole('button', { name: 'Register version' }).click()
    await page.getByRole('heading', { name: 'dropped / 1' }).waitFor()
    await page.getByText('Tried on the sample').waitFor()
    expect(stage.screen.problems).toEqual([])
  })
})
