import { createHmac } from 'node:crypto'
import { errorMessage } from './errors.ts'

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

/**
 * Posts to one receiver; never throws for errors of the receiver or the network. Redirects are not followed, because a
 * webhook URL can itself be a secret.
 */
export function openWebhook(url: string, secret: string): Post {
  return async (message) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: message.body,
        headers: webhookHeaders(message, secret),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.body?.cancel()
      if (response.ok) return { fate: 'taken', reason: '' }
      return {
        fate: response.status >= 500 || LATER.has(response.status) ? 'away' : 'refused',
        reason: `HTTP ${response.status}`,
      }
    } catch (error) {
      return { fate: 'away', reason: errorMessage((error as Error).cause ?? error) }
    }
  }
}
