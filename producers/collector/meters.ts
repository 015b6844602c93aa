import type { Metrics } from '../../platform/metrics.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { Outcome } from './delivery.ts'

/** The collector's metrics. */
export interface Meters {
  /** Counts a request that was answered 202. */
  taken(topic: TopicName, outcome: Outcome, bodyBytes: number, milliseconds: number): void
  /** Counts a request that was refused as a whole. */
  refused(code: string): void
  held(bytes: number): void
}

const SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

export function openMeters(metrics: Metrics): Meters {
  const events = metrics.counter('playloop_collector_events_total', 'Events by topic and what became of them', [
    'topic',
    'outcome',
  ])
  const faults = metrics.counter('playloop_collector_rejected_total', 'Events refused, by topic and code', [
    'topic',
    'code',
  ])
  const bytes = metrics.counter('playloop_collector_body_bytes_total', 'Bytes of bodies as they arrived, by topic', [
    'topic',
  ])
  const refused = metrics.counter('playloop_collector_refused_total', 'Requests refused as a whole, by code', ['code'])
  const held = metrics.gauge('playloop_collector_held_bytes', 'Bytes held from arrival to acknowledgement')
  const seconds = metrics.histogram(
    'playloop_collector_request_seconds',
    'Arrival of the body to acknowledgement by the log',
    SECONDS,
  )
  return {
    taken(topic, { accepted, duplicates, rejected }, bodyBytes, milliseconds) {
      if (accepted > 0) events.inc({ topic, outcome: 'accepted' }, accepted)
      if (duplicates > 0) events.inc({ topic, outcome: 'duplicate' }, duplicates)
      if (rejected.length > 0) events.inc({ topic, outcome: 'rejected' }, rejected.length)
      for (const { code } of rejected) faults.inc({ topic, code })
      bytes.inc({ topic }, bodyBytes)
      seconds.observe(milliseconds / 1_000)
    },
    refused: (code) => refused.inc({ code }),
    held: (value) => held.set(value),
  }
}
