import { integer, settings, text } from '../../platform/settings.ts'

export const SINK = settings('Sink', {
  instanceId: text(
    'PLAYLOOP_SINK_INSTANCE',
    'sink-1',
    'Static member id. Each sink process needs its own, and keeps it over restarts.',
  ),
  sessionTimeoutMs: integer(
    'PLAYLOOP_SINK_SESSION_TIMEOUT',
    6_000,
    300_000,
    10_000,
    'Session timeout of the group, ms; also the length of a lease. Smaller: others take over sooner. Larger: a slow machine loses its partitions less often.',
  ),
  batchRows: integer(
    'PLAYLOOP_SINK_BATCH_ROWS',
    1,
    65_536,
    50_000,
    'Most rows of one insert. Tables with many columns take fewer: at most 2,000,000 cells.',
  ),
  batchBytes: integer('PLAYLOOP_SINK_BATCH_BYTES', 1_024, 16_777_216, 8_388_608, 'Most bytes of one insert.'),
  insertsPerSecond: integer(
    'PLAYLOOP_SINK_INSERTS',
    1,
    1_000,
    10,
    'Most inserts a second that age alone may begin, over all topics. A full batch does not ask.',
  ),
})
