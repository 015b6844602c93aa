import type { FastifyReply, FastifySchema } from 'fastify'
import type { IngestRequest } from './admission.ts'
import type { Outcome } from './delivery.ts'
import type { Seen } from './head.ts'
import type { Pipeline } from './pipeline.ts'
import type { Reading } from './parse/body.ts'

/** A way in: where it is, how bodies are read there, and what is answered for those that were taken. */
export interface Endpoint {
  readonly url: string
  /** Throws COLLECTOR_TOPIC_UNKNOWN. */
  pipelineOf(request: IngestRequest): Pipeline
  /** Throws COLLECTOR_MEDIA_TYPE. */
  readingOf(contentType: string | undefined): Reading
  /** What is seen of the client, for records that do not say; called once a request. */
  seen?(request: IngestRequest): Seen
  answer(reply: FastifyReply, outcome: Outcome, request: IngestRequest): FastifyReply
  readonly schema?: FastifySchema
}
