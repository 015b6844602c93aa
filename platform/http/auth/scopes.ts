/** Scopes that can be granted, and what each allows. Every route names the one it needs. */
export const SCOPES = {
  read: 'read answers, streams and definitions',
  'write:events': 'send events to the collector',
  'write:experiments':
    'create experiments, flags, saved groups and metrics; start, change and stop own experiments, and flags; kill any',
  'admin:experiments': 'start, change and stop experiments of others, together with write:experiments',
  'operate:incidents': 'acknowledge, mute and unmute incidents',
  'export:fill': 'fetch fill manifests',
} as const

export type Scope = keyof typeof SCOPES

export const isScope = (text: string): text is Scope => Object.hasOwn(SCOPES, text)

/** Scope of a route; `public` is open to everybody and must be declared explicitly. */
export type RouteScope = Scope | 'public'

/** An authenticated client and its scopes. */
export interface Principal {
  /** Name of the key or subject of the token. Never a secret: it is logged and used as a rate-limit key. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
}
