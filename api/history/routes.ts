import type { Static } from 'typebox'
import type { HttpServer } from '../../platform/http/index.ts'
import { METRIC_REGISTRY, OLD_IDS, replacementOf, type MetricId } from '../../schemas/metrics/index.ts'
import { CONCURRENCY, DEFINITIONS, DIMENSIONS, findMetric, METRICS, ORDERS } from '../../streams/qoe/index.ts'
import {
  DefinitionsAnswer,
  ErrorsAnswer,
  MetricsAnswer,
  MetricsQuery,
  ScopeQuery,
  SessionParams,
  SessionQuery,
  SessionsAnswer,
  SessionsQuery,
} from './schema.ts'
import type { History } from './service.ts'

/** Metrics of the past, the sessions behind them, errors, and metric definitions. */
export function serveHistory(app: HttpServer, history: History): void {
  app.get(
    '/v1/qoe/metrics',
    {
      config: { scope: 'read', problems: [422] },
      schema: {
        querystring: MetricsQuery,
        response: { 200: MetricsAnswer },
        summary:
          'Metrics of sessions, and how many are there at once, by dimensions and time, with what lost telemetry leaves open',
      },
    },
    (request) => history.metrics(request.query),
  )
  app.get(
    '/v1/qoe/sessions',
    {
      config: { scope: 'read', problems: [422] },
      schema: {
        querystring: SessionsQuery,
        response: { 200: SessionsAnswer },
        summary: 'The sessions behind a number: their parts sum to it',
      },
    },
    (request) => history.sessions(request.query),
  )
  app.get(
    '/v1/qoe/sessions/:id',
    {
      config: { scope: 'read', problems: [404, 422] },
      // Returned as logged: every field of every track, and no response schema that would drop one.
      schema: {
        params: SessionParams,
        querystring: SessionQuery,
        summary: 'One session whole: every record, decision, request and action, and what the metrics made of them',
      },
    },
    (request) => history.session(request.query.clock, request.params.id),
  )
  app.get(
    '/v1/qoe/errors',
    {
      config: { scope: 'read', problems: [422] },
      schema: {
        querystring: ScopeQuery,
        response: { 200: ErrorsAnswer },
        summary: 'Error codes by the number of sessions that reported them',
      },
    },
    (request) => history.errors(request.query),
  )
  app.get(
    '/v1/qoe/definitions',
    {
      config: { scope: 'read' },
      schema: { response: { 200: DefinitionsAnswer }, summary: 'What each metric means, and what it can be asked by' },
    },
    () => ({
      metrics: definitions(),
      live: DEFINITIONS,
      dimensions: [...DIMENSIONS],
      orders: Object.keys(ORDERS),
    }),
  )
}

/** Every metric that can be requested, old ids last. */
const definitions = (): Static<typeof DefinitionsAnswer>['metrics'] =>
  [...METRICS, ...CONCURRENCY, ...Object.keys(OLD_IDS.sessions).flatMap((id) => findMetric(id) ?? [])].map(
    ({ id, title, definition, unit, scale, better, time, loss, distribution, source }) => {
      const current = replacementOf('sessions', id)
      const { population, bookedTo, estimator } = METRIC_REGISTRY[(current ?? id) as MetricId]
      return {
        id,
        title,
        definition,
        unit,
        scale,
        better,
        time,
        loss,
        distribution,
        source,
        population,
        booked_to: bookedTo,
        estimator,
        ...(current !== undefined && { replaced_by: current }),
      }
    },
  )
