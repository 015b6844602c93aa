import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../platform/clock.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import { accountOf } from './account.ts'
import { hasLanded, startTestBroker, type TestBroker } from './broker.ts'
import { mountDisk, squeeze, type DiskKind } from './disk.ts'
import { eventSource } from './events.ts'
import { startLoad, type Load } from './load.ts'
import { until } from './processes.ts'
import { endRoles, keepRole, type KeptRole } from './store-process.ts'
import type { Account } from './verify.ts'

const DISK_MB = 300
const RESERVE_BYTES = 8_388_608
/** Nearly full: this much comes and goes, below the reserve. */
const NARROW_BYTES = 1_782_579
/** Room beyond the reserve comes and goes, so that the disk fills up under statements that were let through. */
const WIDE_BYTES = 2 * RESERVE_BYTES

/** One store goes through several squeezes, with room in between; then the account of all it took is made. */
const SQUEEZES_A_STORE = 4

export interface DiskRounds {
  /** Squeezes on each kind of disk. */
  readonly tmpfs: number
  readonly ext4: number
  /** How long each of the two squeezes lasts, ms. */
  readonly squeezeMs: number
}

/**
 * The store's disk is kept nearly full under 200 events a second, then so that room comes and goes; when there is room
 * for good, every acknowledged event is a row, once, and every aggregate is right.
 */
export function diskSuite({ squeezeMs, ...rounds }: DiskRounds): void {
  describe('a store whose disk is nearly full', () => {
    after(() => endRoles())
    for (const kind of ['tmpfs', 'ext4'] as const)
      if (rounds[kind] > 0)
        it(`loses nothing and doubles nothing on ${kind}, ${rounds[kind]} times`, async (test) => {
          if (!mayMount(kind)) return notRun(test, kind)
          for (let left = rounds[kind]; left > 0; left -= SQUEEZES_A_STORE) {
            const run = await squeezeStore(kind, Math.min(left, SQUEEZES_A_STORE), squeezeMs)
            test.diagnostic(`${kind}: ${JSON.stringify(run)}`)
          }
        })
  })
}

/** Loud, because the promise is not proved where this is skipped. */
function notRun(test: TestContext, kind: DiskKind): void {
  console.error(`\n!!! NOT RUN: the disk test on ${kind} mounts a file system of its own, which needs root.\n`)
  test.skip('mounting a file system needs root')
}

function mayMount(kind: DiskKind): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'playloop-mount-'))
  const unmount = mountDisk(kind, join(folder, 'disk'), 16)
  unmount?.()
  rmSync(folder, { recursive: true, force: true })
  return unmount !== undefined
}

interface Run {
  readonly squeezes: number
  readonly acknowledged: number
  readonly landed: number
  readonly drainMs: number
  /** A merge that met the end of the disk ends the process: the next start puts back what it merged. */
  readonly restarts: number
}

export async function squeezeStore(kind: DiskKind, squeezes: number, squeezeMs: number): Promise<Run> {
  const broker = await startTestBroker()
  const dataDir = join(broker.folder, 'data')
  const disk = join(dataDir, 'clickhouse')
  const unmount = mountDisk(kind, disk, DISK_MB)!
  const producer = createProducer(broker.brokers)
  let load: Load | undefined
  try {
    const store = await keepRole('store', {
      KAFKA_BROKERS: broker.brokers.join(','),
      PLAYLOOP_DATA: dataDir,
      PLAYLOOP_DISK_RESERVE: String(RESERVE_BYTES),
    })
    load = startLoad({
      producer,
      sources: [
        { source: eventSource('playback.telemetry'), perSecond: 120 },
        { source: eventSource('viewer.actions'), perSecond: 60 },
        { source: eventSource('experiment.exposures'), perSecond: 20 },
      ],
    })
    await systemClock.sleep(2_000)
    for (let n = 0; n < squeezes; n++) {
      await fillUp(store, disk, squeezeMs)
      await until('it is ready again', async () => (await store.ready()).status === 200)
      await systemClock.sleep(1_000)
    }
    await load.stop()
    return { squeezes, ...(await settle(broker, store, load, dataDir)) }
  } finally {
    await load?.stop()
    await producer.close()
    await endRoles()
    unmount()
    await broker.stop()
  }
}

async function fillUp(store: KeptRole, disk: string, squeezeMs: number): Promise<void> {
  const full = await squeeze(disk, NARROW_BYTES)
  try {
    await until('readiness says why', async () => (await store.ready()).code === 'DISK_LOW')
    await systemClock.sleep(squeezeMs)
    full.upTo(WIDE_BYTES)
    await systemClock.sleep(squeezeMs)
  } finally {
    await full.stop()
  }
}

async function settle(
  broker: TestBroker,
  store: KeptRole,
  load: Load,
  dataDir: string,
): Promise<Omit<Run, 'squeezes'>> {
  const begun = performance.now()
  await until('all is landed', () => hasLanded(broker, 'playloop-sink'), 120_000)
  const drainMs = Math.round(performance.now() - begun)
  await store.stop()
  const restarts = store.restarts()
  const account = await accountOf(dataDir, await broker.ends(), load.journals)
  assertExact(account)
  return { acknowledged: load.acknowledged(), landed: account.landed, drainMs, restarts }
}

function assertExact({ lost, twice, faults, landed, aggregates }: Account): void {
  assert.deepEqual({ lost, twice, faults }, { lost: 0, twice: 0, faults: [] })
  assert.ok(landed > 1_000, 'the load was too thin to prove anything')
  assert.ok(aggregates['qoe_minute_v1']! > 0 && aggregates['title_hour_v1']! > 0, JSON.stringify(aggregates))
}
