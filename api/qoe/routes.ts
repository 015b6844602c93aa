import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../errors.ts'
import type { Watcher } from './feeds.ts'
import { ClocksAnswer, LiveAnswer, LiveQuery, type LiveQuestion } from './schema.ts'
import type { LiveService } from './service.ts'

/** Streams at once; each holds a socket. */
const MOST_WATCHERS = 500
/** A client that lets this much lie unread gets nothing until it has read it; then a whole frame, so that none of it is missing. */
const MOST_UNREAD_BYTES = 262_144
/** One that reads nothing for so many frames is let go. */
const MOST_SKIPPED = 60

/** `/v1/qoe/live` as JSON, `/v1/qoe/live/stream` (or `Accept: text/event-stream`) as server-sent events, `/v1/clocks`. */
export function serveLive(app: FastifyInstance, live: LiveService): void {
  const schema = { querystring: LiveQuery, response: { 200: LiveAnswer } }
  app.get('/v1/qoe/live', { schema: { ...schema, summary: 'The last minutes, as they stand now' } }, (request, reply) => {
    const question = request.query as LiveQuestion
    return wantsStream(request) ? stream(live, question, reply) : live.frame(question)
  })
  app.get('/v1/qoe/live/stream', {
    // One socket a stream: a HEAD would never end.
    exposeHeadRoute: false,
    schema: { querystring: LiveQuery, summary: 'The same as server-sent events: `frame` is whole, `change` has the minutes that changed since' },
  }, (request, reply) => stream(live, request.query as LiveQuestion, reply))
  app.get('/v1/clocks', { schema: { response: { 200: ClocksAnswer }, summary: 'Clocks that telemetry was received for' } }, async () => ({ clocks: [...(await live.clocks())] }))
}

const wantsStream = ({ method, headers }: FastifyRequest): boolean => method === 'GET' && (headers.accept?.includes('text/event-stream') ?? false)

async function stream(live: LiveService, question: LiveQuestion, reply: FastifyReply): Promise<void> {
  if (live.watchers >= MOST_WATCHERS) throw fail('API_TOO_MANY_STREAMS', { most: MOST_WATCHERS })
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' })
  raw.write('retry: 1000\n\n')
  let [id, skipped] = [0, 0]
  const watcher: Watcher = {
    send(event, text) {
      if (raw.writableLength >= MOST_UNREAD_BYTES) {
        if (++skipped > MOST_SKIPPED) raw.destroy()
        return false
      }
      skipped = 0
      raw.write(`event: ${event}\nid: ${++id}\ndata: ${text}\n\n`)
      return true
    },
    end: () => void raw.end(),
  }
  const leave = live.subscribe(question, watcher)
  raw.once('close', leave)
  raw.on('error', leave)
}
