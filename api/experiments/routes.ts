import { openStream, type HttpServer } from '../../platform/http/index.ts'
import { fail } from '../errors.ts'
import { DecisionAnswer, OutlookAnswer, OverviewAnswer, ScorecardAnswer } from './answers.ts'
import type { Decisions } from './decisions.ts'
import type { LiveScorecards } from './live.ts'
import type { Outlook } from './outlook.ts'
import { serveRecords } from './record-routes.ts'
import type { DecisionRecords } from './records.ts'
import type { Results } from './results.ts'
import { serveRollouts } from './rollout-routes.ts'
import type { Rollouts } from './rollouts.ts'
import {
  ActionBody,
  ActionParams,
  AsOfQuery,
  ChangeBody,
  CrossingsQuery,
  DraftBody,
  ExportQuery,
  IdParams,
  ListQuery,
  OverviewQuery,
  MetricBody,
  OutlookBody,
  PreviewBody,
  QuantilesQuery,
  ScorecardQuery,
  SeriesQuery,
} from './schema.ts'
import type { ExperimentService } from './service.ts'

export interface ExperimentServices {
  readonly experiments: ExperimentService
  readonly results: Results
  readonly decisions: Decisions
  readonly records: DecisionRecords
  readonly rollouts: Rollouts
  readonly live: LiveScorecards
  readonly outlook: Outlook
}

/** Maximum concurrent streams; each holds a socket. */
const MAX_WATCHERS = 200
/** For one experiment: it may be unknown, or its clock may have no events. */
const ONE = { scope: 'read', problems: [404, 409] } as const
const WRITE = { scope: 'write:experiments', problems: [404, 409, 422] } as const

/** Experiments: definitions, life cycle and results. */
export function serveExperiments(app: HttpServer, services: ExperimentServices): void {
  const { experiments, results, live } = services
  serveLife(app, experiments)
  serveDecisions(app, services)
  serveRecords(app, services.records)
  serveRollouts(app, services.rollouts)
  app.post(
    '/v1/experiments/plan/preview',
    {
      config: { scope: 'read', problems: [409, 422] },
      schema: {
        body: OutlookBody,
        response: { 200: OutlookAnswer },
        summary: 'Who would take part, and which effects are found after how many days: from the past fortnight',
      },
    },
    (request) => services.outlook.of(request.body),
  )
  const one = { params: IdParams }
  app.get(
    '/v1/experiments/:id/scorecard',
    {
      config: ONE,
      schema: {
        ...one,
        querystring: ScorecardQuery,
        response: { 200: ScorecardAnswer },
        summary: 'Effects with intervals that hold whenever somebody looks',
      },
      // Thousands of cells with optional parts: a serializer by schema would check each part again.
      serializerCompiler: () => JSON.stringify,
    },
    (request) => results.scorecard(request.params.id, request.query),
  )
  app.get(
    '/v1/experiments/:id/scorecard/stream',
    {
      config: ONE,
      // A HEAD request of a stream would never end.
      exposeHeadRoute: false,
      schema: {
        ...one,
        querystring: ScorecardQuery,
        summary: 'The same as server-sent events: `scorecard`, whole, whenever it changed',
      },
    },
    async (request, reply) => {
      const [id, question] = [request.params.id, request.query]
      await experiments.one(id)
      // Checked and joined without a pause between, or many that come at once would all be let in.
      if (live.size >= MAX_WATCHERS) throw fail('API_TOO_MANY_STREAMS', { most: MAX_WATCHERS })
      openStream<'scorecard'>(reply, (receiver) =>
        live.watch(JSON.stringify([id, question]), () => results.scorecard(id, question), receiver),
      )
    },
  )
  app.get(
    '/v1/experiments/:id/timeseries',
    { config: ONE, schema: { ...one, querystring: SeriesQuery, summary: 'One metric as it stood over time' } },
    (request) => results.timeseries(request.params.id, request.query),
  )
  app.get(
    '/v1/experiments/:id/quantiles',
    {
      config: ONE,
      schema: {
        ...one,
        querystring: QuantilesQuery,
        summary: 'Quantiles of single sessions, with bands over all levels and times',
      },
    },
    (request) => results.quantiles(request.params.id, request.query),
  )
  app.get(
    '/v1/experiments/:id/bandit',
    {
      config: ONE,
      schema: {
        ...one,
        querystring: AsOfQuery,
        summary: 'Which arm is the best so far, by phases, and how should the next units be split?',
      },
    },
    (request) => results.bandit(request.params.id, request.query),
  )
  app.get(
    '/v1/experiments/:id/health',
    {
      config: ONE,
      schema: { ...one, querystring: AsOfQuery, summary: 'Do units fall on the arms as the weights say?' },
    },
    (request) => results.health(request.params.id),
  )
  app.get(
    '/v1/experiments/:id/interactions',
    {
      config: ONE,
      schema: {
        ...one,
        querystring: CrossingsQuery,
        summary: 'Do other experiments on the same units change its effects?',
      },
    },
    (request) => results.interactions(request.params.id, request.query),
  )
  app.get(
    '/v1/experiments/:id/export',
    {
      config: ONE,
      schema: { ...one, querystring: ExportQuery, summary: 'The scorecard as a table, with what it was computed from' },
    },
    async (request, reply) => {
      const question = request.query
      const bytes = await results.export(request.params.id, question)
      return reply
        .type(question.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet')
        .header('content-disposition', `attachment; filename="${request.params.id}.${question.format}"`)
        .send(Buffer.from(bytes))
    },
  )
}

/** What to do: the verdict on one experiment, and the list of all with theirs. */
function serveDecisions(app: HttpServer, { decisions }: ExperimentServices): void {
  app.get(
    '/v1/experiments/overview',
    {
      config: { scope: 'read' },
      schema: {
        querystring: OverviewQuery,
        response: { 200: OverviewAnswer },
        summary: 'Experiments with their verdicts, running ones first',
      },
    },
    (request) => decisions.overview(request.query),
  )
  app.get(
    '/v1/experiments/:id/decision',
    {
      config: ONE,
      schema: {
        params: IdParams,
        querystring: AsOfQuery,
        response: { 200: DecisionAnswer },
        summary: 'What to do, and why: from intervals that hold at any time',
      },
    },
    (request) => decisions.decision(request.params.id, request.query.as_of),
  )
}

function serveLife(app: HttpServer, experiments: ExperimentService): void {
  app.get(
    '/v1/experiments',
    { config: { scope: 'read' }, schema: { querystring: ListQuery, summary: 'Experiments by their latest revision' } },
    (request) => experiments.list(request.query),
  )
  app.post(
    '/v1/experiments',
    { config: WRITE, schema: { body: DraftBody, summary: 'A new experiment, as a draft' } },
    async (request, reply) => reply.code(201).send(await experiments.create(request.body, request.principal)),
  )
  app.post(
    '/v1/experiments/validate',
    {
      config: { scope: 'read', problems: [422] },
      schema: {
        body: DraftBody,
        summary: 'What the draft would be, or everything that is wrong with it; nothing is written',
      },
    },
    (request) => experiments.validate(request.body),
  )
  app.get(
    '/v1/experiments/metrics',
    { config: { scope: 'read' }, schema: { summary: 'Metrics: built in, and every version of those defined here' } },
    () => experiments.metrics(),
  )
  app.post(
    '/v1/experiments/metrics',
    { config: WRITE, schema: { body: MetricBody, summary: 'A new metric, or a new version of one' } },
    async (request, reply) => reply.code(201).send(await experiments.defineMetric(request.body.metric)),
  )
  app.post(
    '/v1/experiments/metrics/preview',
    {
      config: { scope: 'read', problems: [409, 422] },
      schema: { body: PreviewBody, summary: 'A metric on past days, and what an experiment could find in it' },
    },
    (request) => experiments.preview(request.body),
  )
  app.get(
    '/v1/experiments/:id',
    { config: ONE, schema: { params: IdParams, summary: 'One experiment, as it stands' } },
    (request) => experiments.one(request.params.id),
  )
  app.put(
    '/v1/experiments/:id',
    {
      config: WRITE,
      schema: { params: IdParams, body: ChangeBody, summary: 'A draft is written anew; what has started stays' },
    },
    ({ params, body: { revision, ...draft }, principal }) => experiments.change(params.id, draft, revision, principal),
  )
  app.get(
    '/v1/experiments/:id/revisions',
    { config: ONE, schema: { params: IdParams, summary: 'Who changed what, oldest first' } },
    (request) => experiments.revisions(request.params.id),
  )
  app.post(
    '/v1/experiments/:id/:action',
    {
      config: WRITE,
      schema: {
        params: ActionParams,
        body: ActionBody,
        summary: 'Start, ramp, reweigh, pause, resume, stop, archive, kill, unkill, guard',
      },
    },
    ({ params, body, principal }) => experiments.act(params.id, params.action, body, { who: principal }),
  )
}
