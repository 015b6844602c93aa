import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fail } from '../errors.ts'
import { ClocksAnswer, LiveAnswer, LiveQuery, type LiveQuestion } from './schema.ts'
import type { LiveService } from './service.ts'

/** Streams at once; each holds a socket. */
const MOST_WATCHERS = 500
/** A client that lets this much lie unread gets no frames until it has caught up: the next one it gets is the newest. */
const MOST_UNREAD_BYTES = 1_048_576

/** `/v1/qoe/live` as JSON, `/v1/qoe/live/stream` (or `Accept: text/event-stream`) as server-sent events, `/v1/clocks`. */
export function serveLive(app: FastifyInstance, live: LiveService): void {
  const schema = { querystring: LiveQuery, response: { 200: LiveAnswer } }
  app.get('/v1/qoe/live', { schema: { ...schema, summary: 'The last minutes, as they stand now' } }, (request, reply) => {
    const question = request.query as LiveQuestion
    return wantsStream(request) ? stream(live, question, request, reply) : live.frame(question)
  })
  app.get('/v1/qoe/live/stream', { schema: { querystring: LiveQuery, summary: 'The same, a frame a tick, as server-sent events' } },
    (request, reply) => stream(live, request.query as LiveQuestion, request, reply))
  app.get('/v1/clocks', { schema: { response: { 200: ClocksAnswer }, summary: 'Clocks that telemetry was received for' } }, async () => ({
    clocks: (await live.clocks()).map(({ clock, watermark, received }) => ({ clock, watermark, received })),
  }))
}

const wantsStream = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/event-stream') ?? false

async function stream(live: LiveService, question: LiveQuestion, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (live.watchers >= MOST_WATCHERS) throw fail('API_TOO_MANY_STREAMS', { most: MOST_WATCHERS })
  const first = JSON.stringify(await live.frame(question))
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  let id = 0
  const send = (frame: string): void => {
    if (raw.writableLength < MOST_UNREAD_BYTES) raw.write(`event: frame\nid: ${++id}\nretry: 1000\ndata: ${frame}\n\n`)
  }
  send(first)
  const leave = live.subscribe(question, send)
  request.raw.once('close', leave)
  raw.once('error', leave)
}
