/**
 * Metrics of detection for `/metrics`, summed over clocks: clock names come from outside and would be unbounded labels.
 */
import type { Metrics } from '../../platform/metrics.ts'
import type { Posted } from '../../platform/webhook.ts'
import { ongoing } from './incidents.ts'
import type { Checkpoint } from './checkpoint.ts'

export interface Meters {
  /** A round over all clocks has finished. */
  round(seconds: number): void
  /** The round of one clock failed. */
  failed(): void
  /** The current checkpoints of all clocks. */
  known(checkpoints: Iterable<Checkpoint>): void
  posted(fate: Posted['fate']): void
}

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30]

export function createMeters(metrics: Metrics): Meters {
  const seconds = metrics.histogram('playloop_detect_round_seconds', 'Time of a round over all clocks', SECONDS)
  const rounds = metrics.counter('playloop_detect_rounds_total', 'Rounds over all clocks that came to their end')
  const failures = metrics.counter(
    'playloop_detect_failures_total',
    'Looks that failed and are tried again with the next round',
  )
  const combinations = metrics.gauge(
    'playloop_detect_combinations',
    'Combinations of values that are watched, all clocks',
  )
  const open = metrics.gauge('playloop_detect_incidents_open', 'Incidents that go on, all clocks')
  const bytes = metrics.gauge(
    'playloop_detect_checkpoint_bytes',
    'Latest checkpoints as they stand in the store, all clocks',
  )
  const deliveries = metrics.counter(
    'playloop_detect_deliveries_total',
    'Notices sent, by what the receiver made of them',
    ['fate'],
  )
  return {
    round(taken) {
      rounds.inc()
      seconds.observe(taken)
    },
    failed: () => failures.inc(),
    known(checkpoints) {
      const all = [...checkpoints]
      const sum = (of: (checkpoint: Checkpoint) => number): number =>
        all.reduce((total, checkpoint) => total + of(checkpoint), 0)
      combinations.set(sum(({ monitor }) => Object.keys(monitor.detector.history).length))
      open.set(sum(({ monitor }) => ongoing(monitor.incidents, monitor.clock).length))
      bytes.set(sum((checkpoint) => checkpoint.bytes))
    },
    posted: (fate) => deliveries.inc({ fate }),
  }
}
