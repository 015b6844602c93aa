import { constants, createGzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** The client of a stream of server-sent events. */
export interface Receiver<Event extends string = string> {
  /** Returns false if the client lags behind; the event is then dropped for it. */
  send(event: Event, text: string): boolean
  end(): void
}

/** A client with this many unread bytes receives no events until it has read them. */
const MAX_UNREAD_BYTES = 262_144
/** A client that reads nothing for this many events is disconnected. */
const MAX_SKIPPED = 60
/** Proxies close connections that are silent for a minute or less, and only a write shows that a client is gone. */
const HEARTBEAT_MS = 15_000

/**
 * Turns the reply into an event stream. `join` returns a function that is called once when the client is gone. Ends
 * when the server drains.
 */
export function openStream<Event extends string>(
  reply: FastifyReply,
  join: (receiver: Receiver<Event>) => () => void,
  { heartbeatMs = HEARTBEAT_MS }: { readonly heartbeatMs?: number } = {},
): void {
  const { streams } = reply.server.edge
  const sink = openSink(reply)
  sink.write('retry: 1000\n\n')
  let [id, skipped] = [0, 0]
  const receiver: Receiver<Event> = {
    send(event, text) {
      if (sink.unread() >= MAX_UNREAD_BYTES) {
        if (++skipped > MAX_SKIPPED) reply.raw.destroy()
        return false
      }
      skipped = 0
      sink.write(`event: ${event}\nid: ${++id}\ndata: ${text}\n\n`)
      return true
    },
    end: () => sink.end(),
  }
  const leave = join(receiver)
  const heart = setInterval(() => {
    if (sink.unread() < MAX_UNREAD_BYTES) sink.write(': heartbeat\n\n')
  }, heartbeatMs).unref()
  streams.add(receiver)
  const gone = (): void => {
    clearInterval(heart)
    if (streams.delete(receiver)) leave()
  }
  reply.raw.once('close', gone).on('error', gone)
}

interface Sink {
  write(text: string): void
  /** Bytes that the client has not read yet. */
  unread(): number
  end(): void
}

function openSink(reply: FastifyReply): Sink {
  const zips = acceptsGzip(reply.request)
  reply.hijack()
  const { raw } = reply
  // A hijacked reply must write its own head, including the headers set by hooks.
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    ...(zips && { 'content-encoding': 'gzip', vary: 'accept-encoding' }),
  })
  if (!zips)
    return { write: (text) => void raw.write(text), unread: () => raw.writableLength, end: () => void raw.end() }
  // Flushed with each write, otherwise the client would receive an event only with the next one. The small window keeps
  // a stream at 64 KB of memory; the default takes 268.
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH, windowBits: 13, memLevel: 6 })
  gzip.pipe(raw)
  raw.once('close', () => gzip.destroy())
  return {
    write: (text) => void gzip.write(text),
    unread: () => gzip.writableLength + gzip.readableLength + raw.writableLength,
    end: () => void gzip.end(),
  }
}

const acceptsGzip = ({ headers }: FastifyRequest): boolean =>
  String(headers['accept-encoding'] ?? '')
    .split(',')
    .some((part) => /^gzip\s*(;\s*q=(1|0?\.\d*[1-9]\d*))?$/i.test(part.trim()))
