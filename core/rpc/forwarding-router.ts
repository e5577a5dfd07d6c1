import { isContractProcedure } from '@orpc/contract'
import type { Router } from '@orpc/server'
import { implement, ORPCError } from '@orpc/server'
import { contract } from '../../shared/contract/contract.ts'
import { newId } from '../storage/ids.ts'
import type { MaestroClient } from './attach-client.ts'
import { wireError } from './guard.ts'

type Call = (input: unknown, options: { signal?: AbortSignal | undefined }) => Promise<unknown>
/** Calls by noun and verb, without their types: each end of the wire checks its own. */
type Calls = Readonly<Record<string, Readonly<Record<string, Call>>>>
type Implementer = Readonly<Record<string, Readonly<Record<string, { handler(handle: unknown): unknown }>>>>

/**
 * The whole contract, each call passed on to the host that holds the workspace. For a window whose own process came second:
 * permissions, errors and streams are the host's.
 */
export function forwardingRouter(client: MaestroClient): Router<typeof contract, Record<never, never>> {
  const calls = client as unknown as Calls
  const base = implement(contract)
  // The host's own errors pass as they are; here an input that does not fit is found before the host sees it.
  const translate = base.middleware(async ({ next }) => {
    try {
      return await next()
    } catch (error) {
      throw error instanceof ORPCError && error.defined ? error : wireError(error, newId())
    }
  })
  const implementer = base.use(translate) as unknown as Implementer
  const router = Object.entries(contract).map(([noun, verbs]) => [
    noun,
    Object.fromEntries(
      Object.entries(verbs)
        .filter(([, procedure]) => isContractProcedure(procedure))
        .map(([verb]) => [
          verb,
          implementer[noun]?.[verb]?.handler(({ input, signal }: { input: unknown; signal?: AbortSignal }) =>
            calls[noun]?.[verb]?.(input, { signal }),
          ),
        ]),
    ),
  ])
  return Object.fromEntries(router) as Router<typeof contract, Record<never, never>>
}
