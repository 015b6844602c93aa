import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Order } from '../../models/experiments/index.ts'
import { fail } from '../errors.ts'
import { openStream } from '../stream.ts'
import type { LiveScorecards } from './live.ts'
import type { Results } from './results.ts'
import {
  ActionBody,
  ActionParams,
  AsOfQuery,
  CrossingsQuery,
  DraftBody,
  ExportQuery,
  IdParams,
  ListQuery,
  MetricBody,
  PreviewBody,
  QuantilesQuery,
  ScorecardQuery,
  SeriesQuery,
  type ActionOrder,
  type CrossingsQuestion,
  type ExportQuestion,
  type ListQuestion,
  type PreviewQuestion,
  type QuantilesQuestion,
  type ScorecardQuestion,
  type SeriesQuestion,
} from './schema.ts'
import type { DraftOrder, ExperimentService } from './service.ts'

export interface ExperimentServices {
  readonly experiments: ExperimentService
  readonly results: Results
  readonly live: LiveScorecards
}

/** Streams at once; each holds a socket. */
const MAX_WATCHERS = 200

/** Experiments: their definitions and life, and what may be said of them now. */
export function serveExperiments(app: FastifyInstance, { experiments, results, live }: ExperimentServices): void {
  serveLife(app, experiments)
  const one = { params: IdParams }
  app.get(
    '/v1/experiments/:id/scorecard',
    {
      schema: {
        ...one,
        querystring: ScorecardQuery,
        summary: 'Effects with intervals that hold whenever somebody looks',
      },
    },
    (request) => results.scorecard(idOf(request), request.query as ScorecardQuestion),
  )
  app.get(
    '/v1/experiments/:id/scorecard/stream',
    {
      // One socket a stream: a HEAD would never end.
      exposeHeadRoute: false,
      schema: {
        ...one,
        querystring: ScorecardQuery,
        summary: 'The same as server-sent events: `scorecard`, whole, whenever it changed',
      },
    },
    async (request, reply) => {
      if (live.size >= MAX_WATCHERS) throw fail('API_TOO_MANY_STREAMS', { most: MAX_WATCHERS })
      const [id, question] = [idOf(request), request.query as ScorecardQuestion]
      await experiments.one(id)
      openStream<'scorecard'>(reply, (receiver) =>
        live.watch(JSON.stringify([id, question]), () => results.scorecard(id, question), receiver),
      )
    },
  )
  app.get(
    '/v1/experiments/:id/timeseries',
    { schema: { ...one, querystring: SeriesQuery, summary: 'One metric as it stood over time' } },
    (request) => results.timeseries(idOf(request), request.query as SeriesQuestion),
  )
  app.get(
    '/v1/experiments/:id/quantiles',
    {
      schema: {
        ...one,
        querystring: QuantilesQuery,
        summary: 'Quantiles of single sessions, with bands over all levels and times',
      },
    },
    (request) => results.quantiles(idOf(request), request.query as QuantilesQuestion),
  )
  app.get(
    '/v1/experiments/:id/health',
    { schema: { ...one, querystring: AsOfQuery, summary: 'Do units fall on the arms as the weights say?' } },
    (request) => results.health(idOf(request)),
  )
  app.get(
    '/v1/experiments/:id/interactions',
    {
      schema: {
        ...one,
        querystring: CrossingsQuery,
        summary: 'Do other experiments on the same units change its effects?',
      },
    },
    (request) => results.interactions(idOf(request), request.query as CrossingsQuestion),
  )
  app.get(
    '/v1/experiments/:id/export',
    {
      schema: { ...one, querystring: ExportQuery, summary: 'The scorecard as a table, with what it was computed from' },
    },
    async (request, reply) => {
      const question = request.query as ExportQuestion
      const bytes = await results.export(idOf(request), question)
      return reply
        .type(question.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet')
        .header('content-disposition', `attachment; filename="${idOf(request)}.${question.format}"`)
        .send(Buffer.from(bytes))
    },
  )
}

function serveLife(app: FastifyInstance, experiments: ExperimentService): void {
  app.get(
    '/v1/experiments',
    { schema: { querystring: ListQuery, summary: 'Experiments by their latest revision' } },
    (request) => experiments.list(request.query as ListQuestion),
  )
  app.post(
    '/v1/experiments',
    { schema: { body: DraftBody, summary: 'A new experiment, as a draft' } },
    async (request, reply) => reply.code(201).send(await experiments.create(request.body as DraftOrder)),
  )
  app.post(
    '/v1/experiments/validate',
    {
      schema: {
        body: DraftBody,
        summary: 'What the draft would be, or everything that is wrong with it; nothing is written',
      },
    },
    (request) => experiments.validate(request.body as DraftOrder),
  )
  app.get(
    '/v1/experiments/metrics',
    { schema: { summary: 'Metrics: built in, and every version of those defined here' } },
    () => experiments.metrics(),
  )
  app.post(
    '/v1/experiments/metrics',
    { schema: { body: MetricBody, summary: 'A new metric, or a new version of one' } },
    async (request, reply) =>
      reply.code(201).send(await experiments.defineMetric((request.body as { metric: unknown }).metric)),
  )
  app.post(
    '/v1/experiments/metrics/preview',
    { schema: { body: PreviewBody, summary: 'A metric on past days, and what an experiment could find in it' } },
    (request) => experiments.preview(request.body as PreviewQuestion),
  )
  app.get('/v1/experiments/:id', { schema: { params: IdParams, summary: 'One experiment, as it stands' } }, (request) =>
    experiments.one(idOf(request)),
  )
  app.get(
    '/v1/experiments/:id/revisions',
    { schema: { params: IdParams, summary: 'Who changed what, oldest first' } },
    (request) => experiments.revisions(idOf(request)),
  )
  app.post(
    '/v1/experiments/:id/:action',
    {
      schema: {
        params: ActionParams,
        body: ActionBody,
        summary: 'Start, ramp, reweigh, pause, resume, stop, archive, kill, unkill',
      },
    },
    (request) => {
      const { id, action } = request.params as { id: string; action: Order['action'] }
      return experiments.act(id, action, request.body as ActionOrder)
    },
  )
}

const idOf = ({ params }: FastifyRequest): string => (params as { id: string }).id
