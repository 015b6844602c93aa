import { DIMENSIONS, minutesOfCells, startDetection, type Dimension, type ThresholdRule } from '../models/detect/index.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import type { RoleContext, RunningRole } from '../platform/role.ts'
import { openWebhook } from '../platform/webhook.ts'
import { clocks, minuteCubes, type ClockSeen, type CubeRow } from '../streams/qoe/index.ts'

/** Detection over the minutes that the streams store. */
export function openDetection({ config, clock, log, metrics }: Pick<RoleContext, 'config' | 'clock' | 'log' | 'metrics'>, store: Store, rules: readonly ThresholdRule[]): RunningRole {
  const { url, secret } = config.detect.webhook
  return startDetection({
    store, clock, log, metrics, rules,
    clocks: () => store.rows<ClockSeen>(clocks()),
    minutes: async (span) => minutesOfCells(await store.rows<CubeRow<Dimension>>(minuteCubes(span, DIMENSIONS))),
    post: url === '' ? undefined : openWebhook(url, secret),
  })
}
