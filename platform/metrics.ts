import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/**
 * One registry per process; each role registers its metrics on it. Names: playloop_ROLE_WHAT_UNIT. A name stands for
 * one metric: servers and job runners of a process that declare the same one share it.
 */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter
  gauge(name: string, help: string, labels?: readonly string[]): Gauge
  histogram(name: string, help: string, buckets: readonly number[], labels?: readonly string[]): Histogram
  /** OpenMetrics text for `/metrics`. */
  text(): Promise<string>
  readonly contentType: string
}

export function openMetrics({ process = false }: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (process) collectDefaultMetrics({ register: registry, prefix: 'playloop_' })
  const registers = [registry]
  const shared = <M>(name: string, declare: () => M): M =>
    (registry.getSingleMetric(name) as M | undefined) ?? declare()
  return {
    counter: (name, help, labelNames = []) => shared(name, () => new Counter({ name, help, labelNames, registers })),
    gauge: (name, help, labelNames = []) => shared(name, () => new Gauge({ name, help, labelNames, registers })),
    histogram: (name, help, buckets, labelNames = []) =>
      shared(name, () => new Histogram({ name, help, labelNames, buckets: [...buckets], registers })),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
