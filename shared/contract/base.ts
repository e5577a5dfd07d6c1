import { oc } from '@orpc/contract'
import * as z from 'zod'
import type { Permission } from '../domain/permissions.ts'
import type { ErrorCode } from '../errors.ts'
import { errorCatalog } from '../errors.ts'

export interface ProcedureMeta {
  /** What the caller must be allowed to do. A procedure without one is refused: default deny. */
  readonly permission?: Permission
}

/** What every error carries beside its code and message. */
export const errorData = z.object({
  hint: z.string(),
  details: z.record(z.string(), z.unknown()),
  correlationId: z.string(),
})

type ErrorMap = Record<
  ErrorCode,
  { readonly status: number; readonly message: string; readonly data: typeof errorData }
>

const errorMap = Object.fromEntries(
  Object.entries(errorCatalog).map(([code, { status, message }]) => [code, { status, message, data: errorData }]),
) as unknown as ErrorMap

const base = oc.$meta<ProcedureMeta>({}).errors(errorMap)

/** A procedure that only reads, under GET. */
export function query(permission: Permission, path: `/${string}`) {
  return base.meta({ permission }).route({ method: 'GET', path })
}

/** A procedure that changes something, or whose input is too rich for an address. */
export function command(
  permission: Permission,
  path: `/${string}`,
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE' = 'POST',
) {
  return base.meta({ permission }).route({ method, path })
}
