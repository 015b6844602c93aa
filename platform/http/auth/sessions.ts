import { createHmac, timingSafeEqual } from 'node:crypto'
import { HOUR_MS } from '../../time.ts'
import type { ApiKey } from './keys.ts'

/** How long a browser stays signed in, ms. */
export const SESSION_MS = 12 * HOUR_MS
const COOKIE = 'playloop_session'

/**
 * What a browser keeps in place of a key: the key's name, the end of the session (ms) and a signature made with the
 * key's digest. Nothing is stored: every API server accepts it, and it ends with its time or with its key.
 */
export function sessionOf(key: ApiKey, now: number): string {
  const text = `${key.name}.${now + SESSION_MS}`
  return `${text}.${signature(key, text).toString('base64url')}`
}

/** The key of a session; undefined if the session is over, forged, or its key is gone. */
export function keyOfSession(keys: readonly ApiKey[], session: string, now: number): ApiKey | undefined {
  const [, text = '', name = '', end = '', signed = ''] = /^((.+)\.(\d+))\.([\w-]+)$/.exec(session) ?? []
  const key = keys.find((each) => each.name === name)
  if (key === undefined || Number(end) <= now) return undefined
  const [own, other] = [signature(key, text), Buffer.from(signed, 'base64url')]
  return own.length === other.length && timingSafeEqual(own, other) ? key : undefined
}

const signature = ({ digest }: ApiKey, text: string): Buffer => createHmac('sha256', digest).update(text).digest()

/** Header fields that a browser sends by itself. */
export interface BrowserFields {
  readonly cookie?: string | undefined
  readonly 'sec-fetch-site'?: string | string[] | undefined
}

/**
 * The session in a request's cookie. Pages of other origins must not act with it: `SameSite=Strict` keeps other sites
 * out, and `Sec-Fetch-Site` other ports of the same host, which count as the same site.
 */
export function sessionIn({ cookie = '', 'sec-fetch-site': site = 'none' }: BrowserFields): string | undefined {
  if (site !== 'none' && site !== 'same-origin') return undefined
  return new RegExp(`(?:^|; *)${COOKIE}=([^;]+)`).exec(cookie)?.[1]
}

/** `Set-Cookie` that signs a browser in, or out with an empty session. Scripts cannot read it. */
export const sessionCookie = (session: string, isSecure: boolean): string =>
  `${COOKIE}=${session}; Path=/; Max-Age=${session === '' ? 0 : SESSION_MS / 1_000}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
