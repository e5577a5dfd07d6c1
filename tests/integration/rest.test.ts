import { traverseContractProcedures } from '@orpc/server'
import { afterAll, expect, test } from 'vitest'
import { openApiDocument } from '../../core/rpc/openapi.ts'
import { createServer } from '../../server/app.ts'
import { contract } from '../../shared/contract/contract.ts'
import { openTestApp, owner } from '../fixtures/test-app.ts'

const { app, close } = await openTestApp()
const server = await createServer({ app, actor: owner, correlationId: '' })
afterAll(async () => {
  await server.close()
  await close()
})

test('REST answers, refuses and explains as every other face', async () => {
  const changed = await server.inject({ method: 'PATCH', url: '/api/v1/settings', payload: { theme: 'dark' } })
  expect(changed.json()).toMatchObject({ theme: 'dark' })
  const missing = await server.inject({ url: `/api/v1/jobs/${'0'.repeat(32)}` })
  expect([missing.statusCode, missing.json()]).toMatchObject([404, { code: 'NOT_FOUND', defined: true }])
  const wrong = await server.inject({ url: '/api/v1/jobs?limit=none' })
  expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'INPUT_INVALID'])
  expect((await server.inject({ url: '/api/v1/nothing' })).statusCode).toBe(404)
})

test('the OpenAPI document has every procedure of the contract', async () => {
  const document = (await server.inject({ url: '/api/v1/openapi.json' })).json()
  expect(document).toEqual(JSON.parse(JSON.stringify(await openApiDocument('1'))))
  expect(document.openapi).toMatch(/^3\.1/)
  const operations = Object.values(document.paths as Record<string, Record<string, unknown>>).flatMap(Object.values)
  let procedures = 0
  traverseContractProcedures({ path: [], router: contract }, () => procedures++)
  expect(operations).toHaveLength(procedures)
})
