import type { RouteOptions } from 'fastify'
import type { RouteScope } from './auth/scopes.ts'

/** A registered route. */
export interface Route {
  readonly method: string
  /** Its pattern, such as `/v1/experiments/:id`. */
  readonly url: string
  readonly scope: RouteScope
  readonly cors: 'any' | undefined
  /** Status codes of the route's own errors, for the OpenAPI document. */
  readonly problems: readonly number[]
  readonly takesBody: boolean
  /** Media types of a body without a schema. */
  readonly accepts: readonly string[]
  readonly takesParameters: boolean
}

/**
 * All routes of a server: the methods of each path, and the data for the OpenAPI document. Checks that each route
 * declares its scope.
 */
export class Routes {
  readonly all: Route[] = []
  readonly #patterns = new Map<string, RegExp>()

  /** Throws a bug for a route without a scope: a forgotten scope would open the route to everybody. */
  add({ method, url, config, schema }: RouteOptions): void {
    const scope = config?.scope
    if (scope === undefined) throw new Error(`${String(method)} ${url} names no scope: set config.scope`)
    this.#patterns.set(url, patternOf(url))
    for (const each of [method].flat())
      this.all.push({
        method: each,
        url,
        scope,
        cors: config?.cors,
        problems: config?.problems ?? [],
        takesBody: schema?.body !== undefined || config?.accepts !== undefined,
        accepts: config?.accepts ?? [],
        takesParameters: schema?.params !== undefined || schema?.querystring !== undefined,
      })
  }

  /** Routes of a path, with any method. */
  at(path: string): Route[] {
    return this.all.filter(({ url }) => this.#patterns.get(url)!.test(path))
  }
}

/** Order of methods in `Allow`. */
const ORDER = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

export const methodsOf = (routes: readonly Route[]): string[] =>
  ORDER.filter((method) => routes.some((route) => route.method === method))

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/')}$`,
  )
