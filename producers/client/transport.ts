import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Pool } from 'undici'
import type { Batch, Form } from './batch.ts'

/** One exchange with the collector: the answer, whatever its status; a failed connection rejects instead. */
export interface Reply {
  readonly status: number
  readonly retryAfter: string | string[] | undefined
  readonly text: string
}

export interface Transport {
  post(wire: WireBatch): Promise<Reply>
  /** Closes idle connections; with an error, also aborts requests in flight. */
  close(error?: Error): Promise<void>
}

/** A batch in the form in which it is sent, the same for every attempt. */
export interface WireBatch {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface TransportOptions {
  readonly url: string
  readonly concurrency: number
  readonly timeoutMs: number
}

/** Keep-alive connections to one collector. */
export function httpTransport({ url, concurrency, timeoutMs }: TransportOptions): Transport {
  const { origin } = new URL(url)
  const pool = new Pool(origin, {
    connections: concurrency,
    // One request per connection at a time: a slow answer delays no other request.
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: Math.min(timeoutMs, 10_000) },
  })
  return {
    async post({ path, headers, body }) {
      const answer = await pool.request({ path, method: 'POST', headers, body })
      return { status: answer.statusCode, retryAfter: answer.headers['retry-after'], text: await answer.body.text() }
    },
    close: (error) => (error === undefined ? pool.close() : pool.destroy(error)),
  }
}

const compress = promisify(gzip)

/**
 * By the standard a CMCD collector answers 204, which says nothing about single records; ours reports each record if
 * the request prefers it (RFC 7240, 4.2).
 */
const HEADERS: Readonly<Record<Form, Readonly<Record<string, string>>>> = {
  json: { 'content-type': 'application/x-ndjson' },
  cmcd: { 'content-type': 'application/cmcd', prefer: 'return=representation' },
}

/** The request for a batch. gzip at level 1: bodies shrink 8-fold, and a higher level costs more than it saves. */
export async function toWire(
  batch: Batch,
  { url, ingestKey, zip }: { url: string; ingestKey: string; zip: boolean },
): Promise<WireBatch> {
  const base = new URL(url).pathname.replace(/\/$/, '')
  const headers: Record<string, string> = { ...HEADERS[batch.form] }
  if (ingestKey !== '') headers['authorization'] = `Bearer ${ingestKey}`
  if (zip) headers['content-encoding'] = 'gzip'
  const body = zip ? await compress(batch.body, { level: 1 }) : batch.body
  return { path: `${base}/v1/${batch.form === 'cmcd' ? 'cmcd' : `events/${batch.topic}`}`, headers, body }
}
