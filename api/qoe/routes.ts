import type { FastifyReply, FastifyRequest } from 'fastify'
import { openStream, type HttpServer } from '../../platform/http/index.ts'
import type { LiveFrame, LiveService } from '../../streams/qoe/live/index.ts'
import { fail } from '../errors.ts'
import { ClocksAnswer, LiveAnswer, LiveQuery, type LiveQuestion } from './schema.ts'

/** Maximum concurrent streams; each holds a socket. */
const MAX_WATCHERS = 500

/**
 * `/v1/qoe/live` as JSON, `/v1/qoe/live/stream` (or `Accept: text/event-stream`) as server-sent events, `/v1/clocks`.
 */
export function serveLive(app: HttpServer, live: LiveService): void {
  const schema = { querystring: LiveQuery, response: { 200: LiveAnswer } }
  app.get(
    '/v1/qoe/live',
    { config: { scope: 'read' }, schema: { ...schema, summary: 'The last minutes, as they stand now' } },
    (request, reply) => {
      return wantsStream(request) ? stream(live, request.query, reply) : live.frame(request.query)
    },
  )
  app.get(
    '/v1/qoe/live/stream',
    {
      config: { scope: 'read' },
      // A HEAD request of a stream would never end.
      exposeHeadRoute: false,
      schema: {
        querystring: LiveQuery,
        summary: 'The same as server-sent events: `frame` is whole, `change` has the minutes that changed since',
      },
    },
    (request, reply) => stream(live, request.query, reply),
  )
  app.get(
    '/v1/clocks',
    {
      config: { scope: 'read' },
      schema: { response: { 200: ClocksAnswer }, summary: 'Clocks that telemetry was received for' },
    },
    async () => ({ clocks: [...(await live.clocks())] }),
  )
}

const wantsStream = ({ method, headers }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept?.includes('text/event-stream') ?? false)

/** Serialised frames: all subscribers to the same question get the same frame. */
const texts = new WeakMap<LiveFrame, string>()
function textOf(frame: LiveFrame): string {
  const text = texts.get(frame) ?? JSON.stringify(frame)
  texts.set(frame, text)
  return text
}

/** A subscriber that could not keep up gets a whole frame, so that it misses nothing. */
function stream(live: LiveService, question: LiveQuestion, reply: FastifyReply): void {
  if (live.watchers >= MAX_WATCHERS) throw fail('API_TOO_MANY_STREAMS', { most: MAX_WATCHERS })
  openStream<'frame' | 'change'>(reply, (receiver) =>
    live.subscribe(question, {
      send: (kind, frame) => receiver.send(kind, textOf(frame)),
      end: () => receiver.end(),
    }),
  )
}
