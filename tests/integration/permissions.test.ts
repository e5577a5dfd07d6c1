import { isContractProcedure } from '@orpc/contract'
import { call, isProcedure } from '@orpc/server'
import { afterAll, describe, expect, test } from 'vitest'
import type { RequestContext } from '../../core/rpc/procedures.ts'
import { router } from '../../core/rpc/router.ts'
import type { ProcedureMeta } from '../../shared/contract/base.ts'
import { contract } from '../../shared/contract/contract.ts'
import type { Role } from '../../shared/domain/permissions.ts'
import { isAllowed, permissions, roles } from '../../shared/domain/permissions.ts'
import { openTestApp } from '../fixtures/test-app.ts'

interface Entry {
  readonly name: string
  readonly meta: ProcedureMeta
  readonly route: { readonly method?: string; readonly path?: string }
}

const entries: Entry[] = Object.entries(contract).flatMap(([noun, verbs]) =>
  Object.entries(verbs).map(([verb, procedure]) => {
    if (!isContractProcedure(procedure)) throw new Error(`${noun}.${verb} is no procedure`)
    const { meta, route } = procedure['~orpc']
    return { name: `${noun}.${verb}`, meta: meta as ProcedureMeta, route }
  }),
)

const { app, close } = await openTestApp()
afterAll(close)

function procedureOf(name: string) {
  const [noun = '', verb = ''] = name.split('.')
  const found = (router as unknown as Record<string, Record<string, unknown>>)[noun]?.[verb]
  if (!isProcedure(found)) throw new Error(`${name} has no handler`)
  return found
}

function callAs(name: string, role: Role): Promise<unknown> {
  const context: RequestContext = { app, actor: { name: role, role }, correlationId: '' }
  // An input that fits nothing: who is let through is refused for it, and nothing is done.
  return call(procedureOf(name), Symbol('nothing') as never, { context, path: name.split('.') })
}

describe.each(entries)('$name', ({ name, meta, route }) => {
  test('declares a permission that the matrix knows, and a path', () => {
    expect(Object.keys(permissions)).toContain(meta.permission)
    expect(route.path).toMatch(/^\//)
  })

  test('has a handler', () => {
    expect(() => procedureOf(name)).not.toThrow()
  })

  test.each(roles.filter((role) => meta.permission && !isAllowed(role, meta.permission)))(
    'refuses a %s before it looks at anything',
    async (role) => {
      await expect(callAs(name, role)).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 })
    },
  )
})

test('no two procedures share a method and a path', () => {
  const places = entries.map(({ route: { method = 'POST', path = '' } }) => `${method} ${path}`)
  expect(places.filter((place, at) => places.indexOf(place) !== at)).toEqual([])
})

test('the router has nothing that the contract has not', () => {
  const names = Object.entries(router as unknown as Record<string, Record<string, unknown>>).flatMap(([noun, verbs]) =>
    Object.keys(verbs).map((verb) => `${noun}.${verb}`),
  )
  expect(names.filter((name) => !entries.some((entry) => entry.name === name))).toEqual([])
})

test('who may is let through to the check of the input', async () => {
  for (const role of roles.filter((one) => isAllowed(one, 'jobs:control'))) {
    await expect(callAs('jobs.cancel', role)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  }
})

test('a role or a permission that is not in the table is denied', () => {
  expect(isAllowed('viewer', 'workspace:manage')).toBe(false)
  expect(() => isAllowed('viewer', 'nothing' as never)).toThrow()
  expect(isAllowed('stranger' as never, 'workspace:read')).toBe(false)
})
