import type { Query, Store } from '../../../platform/clickhouse/port.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { RegisteredFlag, RegisteredGroup } from '../../../schemas/experiments/flag.ts'
import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { METRICS } from '../../../schemas/experiments/tables.ts'
import { BUILT_IN, OLD_BUILT_IN } from './built-in.ts'
import { claim, openRevisions, readBodies, type Revisions } from './revisions.ts'

/** Storage of experiments, flags, saved groups and metrics as append-only revisions. */
export interface Registry {
  experiments(): Promise<RegisteredExperiment[]>
  /** What SDKs are told of. */
  served(): Promise<Served>
  /** The latest revision; undefined if the id is unknown. */
  experiment(id: string): Promise<RegisteredExperiment | undefined>
  /** The audit trail, oldest first. */
  revisions(id: string): Promise<RegisteredExperiment[]>
  /** Returns false if another revision with that number was written first. */
  write(experiment: RegisteredExperiment): Promise<boolean>
  readonly flags: Revisions<RegisteredFlag>
  readonly groups: Revisions<RegisteredGroup>
  /** Built-in metrics, and every version of user-defined ones. */
  metrics(): Promise<MetricDefinition[]>
  defineMetric(metric: MetricDefinition): Promise<boolean>
}

/** Definitions that are neither drafts nor archived. */
export interface Served {
  readonly experiments: readonly RegisteredExperiment[]
  readonly flags: readonly RegisteredFlag[]
  readonly groups: readonly RegisteredGroup[]
}

const ofMetrics: Query = { sql: `SELECT body FROM ${METRICS} ORDER BY id, version` }

export function openRegistry(store: Store): Registry {
  const experiments = openRevisions<RegisteredExperiment>(store, 'experiment')
  const flags = openRevisions<RegisteredFlag>(store, 'flag')
  const groups = openRevisions<RegisteredGroup>(store, 'group')
  return {
    ...{ flags, groups },
    experiments: () => experiments.all(),
    async served() {
      const [running, active, saved] = await Promise.all([experiments.served(), flags.served(), groups.served()])
      return { experiments: running, flags: active, groups: saved }
    },
    experiment: (id) => experiments.one(id),
    revisions: (id) => experiments.revisions(id),
    write: (experiment) => experiments.write(experiment),
    metrics: async () => [...BUILT_IN, ...(await readBodies<MetricDefinition>(store, ofMetrics))],
    defineMetric: async (metric) =>
      ![...BUILT_IN, ...OLD_BUILT_IN].some(({ id }) => id === metric.id) &&
      claim(store, {
        table: METRICS,
        key: { id: metric.id, version: metric.version },
        body: JSON.stringify(metric),
      }),
  }
}
