import type { Counter } from 'prom-client'
import type { Metrics } from '../metrics.ts'

const counters = new WeakMap<Metrics, Counter>()

/** Counts the refusals of one server by code; servers of one process share the metric. */
export function countRefusals(metrics: Metrics, server: string): (code: string) => void {
  const counter =
    counters.get(metrics) ??
    metrics.counter('playloop_http_refused_total', 'Requests refused, by server and code', ['server', 'code'])
  counters.set(metrics, counter)
  return (code) => counter.inc({ server, code })
}
