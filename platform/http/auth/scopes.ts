/** What may be allowed, and what each allows. A route names the one it needs. */
export const SCOPES = {
  read: 'read answers, streams and definitions',
  'write:events': 'send events to the collector',
  'write:experiments': 'create, start, change and stop experiments and metrics',
  'operate:incidents': 'acknowledge, mute and unmute incidents',
  'export:fill': 'fetch fill manifests',
} as const

export type Scope = keyof typeof SCOPES

export const isScope = (text: string): text is Scope => Object.hasOwn(SCOPES, text)

/** The scope of a route; `public` is open to everybody, and has to be said. */
export type RouteScope = Scope | 'public'

/** Who asks, and what they may do. */
export interface Principal {
  /** Of the key or the token's subject; never a secret: it is logged, and a limiter's label. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
}
