import { createHmac, randomBytes } from 'node:crypto'
import { request as requestPlainly } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { errorMessage } from './errors.ts'
import { lookupWithin, type Reach } from './reach.ts'

/**
 * Result of a request: 'taken' on 2xx; 'refused' if a retry cannot help; 'away' if the receiver is down or overloaded.
 */
export interface Posted {
  readonly fate: 'taken' | 'refused' | 'away'
  readonly reason: string
}

export interface WebhookMessage {
  /** Same for every attempt: receivers drop duplicates by it. */
  readonly id: string
  readonly body: string
  /** Seconds since the epoch. */
  readonly timestamp: number
}

export type Post = (message: WebhookMessage) => Promise<Posted>

const TIMEOUT_MS = 5_000
/** Status codes that mean "try later", not "no". */
const LATER = new Set([408, 425, 429])

/** Message headers as in the specification "Standard Webhooks" 1.0: HMAC-SHA256 of `id.timestamp.body`, in base64. */
export function webhookHeaders({ id, body, timestamp }: WebhookMessage, secret: string): Record<string, string> {
  const signature =
    secret === ''
      ? {}
      : {
          'webhook-signature': `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
        }
  return { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(timestamp), ...signature }
}

const PREFIX = 'whsec_'
const keyOf = (secret: string): Buffer =>
  secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret)

/** A new key for signatures: 24 random bytes, as Standard Webhooks writes them. */
export const newWebhookSecret = (): string => `${PREFIX}${randomBytes(24).toString('base64')}`

/** Whether a key is one of Standard Webhooks: 24 to 64 bytes in base64 behind `whsec_`. */
export function isWebhookSecret(text: string): boolean {
  const bytes = keyOf(text)
  return text === `${PREFIX}${bytes.toString('base64')}` && bytes.length >= 24 && bytes.length <= 64
}

/**
 * Posts to one receiver; never throws for errors of the receiver or the network. Redirects are not followed, because a
 * webhook URL can itself be a secret, and would lead past `reach`, the addresses that a URL of a user may lead to.
 */
export function openWebhook(url: string, secret: string, reach?: Reach): Post {
  return async (message) => {
    try {
      const status = await send(new URL(url), message.body, webhookHeaders(message, secret), reach)
      if (status >= 200 && status < 300) return { fate: 'taken', reason: '' }
      return { fate: status >= 500 || LATER.has(status) ? 'away' : 'refused', reason: `HTTP ${status}` }
    } catch (error) {
      return { fate: 'away', reason: errorMessage(error) }
    }
  }
}

/** The status of the answer. */
function send(url: URL, body: string, headers: Record<string, string>, reach: Reach | undefined): Promise<number> {
  // An address in the URL itself is never looked up.
  const fault = reach?.fault(url.href)
  if (fault !== undefined) return Promise.reject(new Error(`the URL ${fault}`))
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestSecurely : requestPlainly)(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(reach && { lookup: lookupWithin(reach, url) }),
    })
    request.once('error', reject)
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0)
      // The answer's content is not read.
      response.destroy()
    })
    request.end(body)
  })
}
