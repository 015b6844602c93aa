import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Auth } from './auth/auth.ts'
import type { Principal, RouteScope } from './auth/scopes.ts'
import { Routes } from './routes.ts'

/** What a handler answers is only read: its lists may be read-only, which TypeBox's own types refuse. */
type ReadOnly<T> = T extends object ? { readonly [Key in keyof T]: ReadOnly<T[Key]> } : T

type TypeBoxOf<Schema> = TypeBoxTypeProvider & { readonly schema: Schema }

/** Routes take their types from TypeBox schemas. */
export interface SchemaTypes extends FastifyTypeProvider {
  validator: TypeBoxOf<this['schema']>['validator']
  serializer: ReadOnly<TypeBoxOf<this['schema']>['serializer']>
}

/** A server whose requests and answers have the types of their schemas. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  SchemaTypes
>

/** What the parts of this folder know of the server they work in. */
export interface Edge {
  readonly routes: Routes
  /** Streams of server-sent events that are open. */
  readonly streams: Set<{ end(): void }>
  /** Whether anything says who may do what: see `Auth`. */
  readonly access: Auth['state']
  /** From now on not ready: streams end, and every answer closes its connection; requests are still served. */
  drain(): void
  readonly draining: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly edge: Edge
  }
  interface FastifyRequest {
    /** Undefined on public routes, and where nothing is asked for. */
    principal: Principal | undefined
  }
  interface FastifyContextConfig {
    /** Who may use the route. Every route says it. */
    scope?: RouteScope
    /** Statuses of refusals of its own, beside those that follow from its schema and scope. */
    problems?: readonly number[]
    /** `any`: pages of every origin may read the answer. */
    cors?: 'any'
  }
}

/** Of a server that is made. */
export function openEdge(access: Auth['state'] = 'open'): Edge {
  const streams: Edge['streams'] = new Set()
  let draining = false
  return {
    routes: new Routes(),
    streams,
    access,
    get draining() {
      return draining
    },
    drain() {
      draining = true
      for (const stream of streams) stream.end()
    },
  }
}
