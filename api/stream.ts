import type { FastifyReply } from 'fastify'

/** Who listens at the other end of a stream of server-sent events. */
export interface Receiver<Event extends string = string> {
  /** False: it lags behind, and what was told is lost to it. */
  send(event: Event, text: string): boolean
  end(): void
}

/** A client that lets this much lie unread gets nothing until it has read it. */
const MAX_UNREAD_BYTES = 262_144
/** One that reads nothing for so many events is let go. */
const MAX_SKIPPED = 60

/** Takes the reply over as a stream; `leave` is called once when the client is gone. */
export function openStream<Event extends string>(
  reply: FastifyReply,
  join: (receiver: Receiver<Event>) => () => void,
): void {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    ...corsOf(reply),
  })
  raw.write('retry: 1000\n\n')
  let [id, skipped] = [0, 0]
  const leave = join({
    send(event, text) {
      if (raw.writableLength >= MAX_UNREAD_BYTES) {
        if (++skipped > MAX_SKIPPED) raw.destroy()
        return false
      }
      skipped = 0
      raw.write(`event: ${event}\nid: ${++id}\ndata: ${text}\n\n`)
      return true
    },
    end: () => void raw.end(),
  })
  raw.once('close', leave)
  raw.on('error', leave)
}

/** Who takes the reply over writes its head alone. */
function corsOf(reply: FastifyReply): Record<string, string> {
  const origin = reply.getHeader('access-control-allow-origin')
  return typeof origin === 'string' ? { 'access-control-allow-origin': origin } : {}
}
