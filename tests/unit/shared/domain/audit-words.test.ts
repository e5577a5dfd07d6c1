import { isContractProcedure } from '@orpc/contract'
import { expect, test } from 'vitest'
import { changesSomething } from '../../../../core/rpc/record-call.ts'
import { contract } from '../../../../shared/contract/contract.ts'
import { auditWords } from '../../../../shared/domain/audit-words.ts'

test('every procedure that is written into the audit log has plain words there', () => {
  const written = Object.entries(contract).flatMap(([noun, verbs]) =>
    Object.entries(verbs).flatMap(([verb, procedure]) => {
      if (!isContractProcedure(procedure)) throw new Error(`${noun}.${verb} is no procedure`)
      const { meta, route } = procedure['~orpc']
      return changesSomething(meta, route.method) ? [`${noun}.${verb}`] : []
    }),
  )
  expect(written.length).toBeGreaterThan(50)
  expect(written.filter((action) => auditWords(action) === action)).toEqual([])
})

test('an action that this version does not know keeps its name', () => {
  expect(auditWords('planets.move')).toBe('planets.move')
})
