import type { Implementer } from '@orpc/server'
import { implement } from '@orpc/server'
import { contract } from '../../shared/contract/contract.ts'
import type { App } from '../app.ts'
import type { Actor } from '../services/service-context.ts'

/** What a request brings: the application, who asks, and the id that ties its log lines together. */
export interface RequestContext {
  readonly app: App
  readonly actor: Actor
  readonly correlationId: string
}

/** Handlers are made from this; see the routers beside. The middleware that checks permissions is put on in router.ts. */
export const procedures: Implementer<typeof contract, RequestContext, RequestContext> =
  implement(contract).$context<RequestContext>()
