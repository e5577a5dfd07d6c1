import { expect, it } from 'vitest'
import { predictTaken } from '../../../../core/models/refused-rows.ts'
import type { Frame } from '../../../../engine/frame/frame.ts'
import { MaestroError } from '../../../../shared/errors.ts'

/** A model that answers a row's own value and refuses a whole batch with a negative one in it. */
function pickyModel() {
  const asked: number[] = []
  const predict = (frame: Frame) => {
    asked.push(frame.nRows)
    const [column] = frame.columns
    if (column?.storage !== 'float64') throw new Error('a number was given')
    const values = Float64Array.from(column.values)
    if (values.some((value) => value < 0)) return Promise.reject(new MaestroError('MODEL_FAILED', 'unknown category'))
    return Promise.resolve({ nRows: frame.nRows, nClasses: 0, values, labelCodes: null, labels: [] })
  }
  return { asked, predict }
}

const frameOf = (values: readonly number[]): Frame => ({
  nRows: values.length,
  columns: [{ storage: 'float64', name: 'x', type: 'number', values: Float64Array.from(values) }],
})

it('asks once where nothing is refused', async () => {
  const { asked, predict } = pickyModel()
  const taken = await predictTaken(frameOf([1, 2, 3]), predict)
  expect([...(taken?.rows ?? [])]).toEqual([0, 1, 2])
  expect([...(taken?.answers.values ?? [])]).toEqual([1, 2, 3])
  expect(asked).toEqual([3])
})

it('answers the rows beside those that are refused, and tells where none is left', async () => {
  const { predict } = pickyModel()
  const taken = await predictTaken(frameOf([1, -2, 3, 4, -5]), predict)
  expect([...(taken?.rows ?? [])]).toEqual([0, 2, 3])
  expect([...(taken?.answers.values ?? [])]).toEqual([1, 3, 4])
  expect(await predictTaken(frameOf([-1, -2]), predict)).toBeNull()
})

it('hands other failures on', async () => {
  const died = () => Promise.reject(new MaestroError('JOB_CRASHED', 'the process died'))
  await expect(predictTaken(frameOf([1]), died)).rejects.toMatchObject({ code: 'JOB_CRASHED' })
})
