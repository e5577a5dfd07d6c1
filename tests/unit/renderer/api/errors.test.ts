import { ORPCError } from '@orpc/client'
import { describe, expect, test } from 'vitest'
import type { MaestroClient } from '../../../../renderer/api/client.ts'
import { errorOfAnswer, HostError, readError } from '../../../../renderer/api/errors.ts'
import { followJob } from '../../../../renderer/api/follow-job.ts'
import type { Job } from '../../../../shared/domain/jobs.ts'
import { MaestroError, toErrorRecord } from '../../../../shared/errors.ts'

describe('errors as people read them', () => {
  test('an upload that is refused keeps code, message and hint of the host', () => {
    const record = toErrorRecord(new MaestroError('DISK_FULL', undefined, 'Make room and try again.'))
    expect(readError(errorOfAnswer(507, JSON.stringify(record)))).toEqual({
      code: 'DISK_FULL',
      message: 'There is no room left on the disk.',
      hint: 'Make room and try again.',
      correlationId: '',
    })
  })

  test('an answer that is none of the host gives its status', () => {
    for (const text of ['', '<html>', 'null', '[]', '{"message":"x"}']) {
      expect(readError(errorOfAnswer(413, text)).message).toContain('413')
    }
    expect(readError(errorOfAnswer(401, '')).hint).toContain('fresh link')
  })

  test('a call that fails gives hint and number to quote', () => {
    const error = new ORPCError('NOT_FOUND', {
      message: 'There is no such model.',
      data: { hint: 'Look into the trash.', details: {}, correlationId: 'c1' },
    })
    expect(readError(error)).toEqual({
      code: 'NOT_FOUND',
      message: 'There is no such model.',
      hint: 'Look into the trash.',
      correlationId: 'c1',
    })
  })

  test('anything else is a bug with its message', () => {
    expect(readError(new Error('x is not a function')).code).toBe('INTERNAL')
    expect(readError('plain').message).toBe('plain')
  })
})

describe('following a job', () => {
  const host = (states: readonly Partial<Job>[]) =>
    ({
      jobs: {
        async watch() {
          return (async function* () {
            yield* states
          })()
        },
      },
    }) as unknown as MaestroClient

  test('gives the result and every progress on the way', async () => {
    const seen: unknown[] = []
    const states = [
      { state: 'running', progress: 1 },
      { state: 'succeeded', progress: 2, result: { rows: 3 } },
    ]
    expect(await followJob(host(states as never), 'j', (progress) => seen.push(progress))).toEqual({ rows: 3 })
    expect(seen).toEqual([1, 2])
  })

  test('a failed job throws what it failed with', async () => {
    const error = { code: 'DATASET_PARSE', message: 'Line 3 has 4 cells.', hint: 'Mend it.', details: {} }
    await expect(followJob(host([{ state: 'failed', error }]), 'j')).rejects.toMatchObject({
      code: 'DATASET_PARSE',
      message: 'Line 3 has 4 cells.',
      hint: 'Mend it.',
    })
  })

  test('a cancelled job and a host that goes away are told apart', async () => {
    await expect(followJob(host([{ state: 'cancelled' }]), 'j')).rejects.toMatchObject({ code: 'CANCELLED' })
    await expect(followJob(host([{ state: 'running' }]), 'j')).rejects.toBeInstanceOf(HostError)
    await expect(followJob(host([{ state: 'running' }]), 'j')).rejects.toMatchObject({ code: 'JOB_CRASHED' })
  })
})
