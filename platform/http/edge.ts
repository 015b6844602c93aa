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

/** Answers are only read, so handlers may return read-only lists, which TypeBox's own types refuse. */
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

/** State of a server that the other files of this folder share. */
export interface Edge {
  readonly routes: Routes
  /** Open streams of server-sent events. */
  readonly streams: Set<{ end(): void }>
  /** Whether access control is configured: see `Auth`. */
  readonly access: Auth['state']
  /**
   * True where the loopback address alone guards the server: then only requests to a loopback name are served, or a
   * page of any site could reach it by a name of its own that resolves to 127.0.0.1 (DNS rebinding).
   */
  loopbackNamesOnly: boolean
  /** Makes the server not ready: streams end and every answer closes its connection, but requests are still served. */
  drain(): void
  readonly draining: boolean
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly edge: Edge
  }
  interface FastifyRequest {
    /** Undefined on public routes and if no authentication is configured. */
    principal: Principal | undefined
  }
  interface FastifyContextConfig {
    /** Scope that a client needs. Every route declares it. */
    scope?: RouteScope
    /** Status codes of the route's own errors, in addition to those that follow from its schema and scope. */
    problems?: readonly number[]
    /** Media types of a body that the route reads itself, without a schema; for the OpenAPI document. */
    accepts?: readonly string[]
    /** `any`: pages of every origin may read the answer. */
    cors?: 'any'
  }
}

/** State of a new server. */
export function openEdge(access: Auth['state'] = 'open'): Edge {
  const streams: Edge['streams'] = new Set()
  let draining = false
  return {
    routes: new Routes(),
    streams,
    access,
    loopbackNamesOnly: false,
    get draining() {
      return draining
    },
    drain() {
      draining = true
      for (const stream of streams) stream.end()
    },
  }
}
