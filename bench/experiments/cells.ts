/**
 * What it costs to judge: 5,000 cells of {anytime interval, CUPED, e-value, Welch} from sums, and counts event by
 * event.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cellOf, type OutcomeSums, type PhaseSums } from '../../models/experiments/index.ts'
import { evidenceStep, NO_COUNTS } from '../../models/experiments/statistics/index.ts'
import { seeded } from '../../platform/random.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'

const CELLS = 5_000
const COUNTS = 20_000_000

const metric: MetricDefinition = {
  id: 'm',
  version: 1,
  name: '',
  description: '',
  kind: 'mean',
  value: { from: 'session', column: 'media_ms' },
  window: { fromMs: 0, toMs: 1 },
  better: 'up',
  margin: 0.02,
  unit: 'ms',
}

function sumsOf(n: number, mean: number, shift: number): OutcomeSums {
  const [y, x] = [n * (mean + shift), n * mean]
  const square = n * (mean * mean + mean * mean * 0.4)
  return {
    n,
    nonzero: n,
    y,
    yy: square + 2 * n * mean * shift,
    yyy: n * mean ** 3 * 2.6,
    d: n,
    dd: n,
    x,
    xx: square,
    e: n,
    ee: n,
    yd: y,
    yx: n * mean * mean * 1.2,
    ye: y,
    dx: x,
    de: n,
    xe: x,
  }
}

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1]!

/** Both ways of asking: while it runs, and at its end, when Welch is shown too. */
export async function cells(): Promise<object> {
  const random = seeded(1)
  const phases: PhaseSums[][] = Array.from({ length: CELLS }, () => {
    const [n, mean] = [5_000 + random.below(50_000), 100 + random.below(1_000)]
    return [
      {
        phase: 0,
        control: { seen: sumsOf(n, mean, 0), fresh: sumsOf(n / 5, mean, 0) },
        treatment: { seen: sumsOf(n, mean, random.next()), fresh: sumsOf(n / 5, mean, random.next()) },
      },
    ]
  })
  const timed = (ended: boolean): number =>
    median(
      Array.from({ length: 15 }, () => {
        const from = performance.now()
        let open = 0
        for (const each of phases)
          if (cellOf(each, { metric, alpha: 0.05, plannedUnits: 50_000, ended }).absolute !== null) open++
        if (open !== CELLS) throw new Error(`only ${open} cells spoke`)
        return performance.now() - from
      }),
    )
  timed(true)
  const all = phases.map((each) => cellOf(each, { metric, alpha: 0.05, plannedUnits: 50_000, ended: true }))
  const from = performance.now()
  const bytes = JSON.stringify(all).length
  const jsonMs = performance.now() - from
  return {
    cells: CELLS,
    running_ms: round(timed(false)),
    ended_ms: round(timed(true)),
    json_ms: round(jsonMs),
    json_bytes: bytes,
    over_http_ms: round(await overHttp(phases)),
  }
}

/** Judged, written, sent and read: what a client waits for beside the store. */
async function overHttp(phases: readonly PhaseSums[][]): Promise<number> {
  const server = createServer((_, response) =>
    response.end(
      JSON.stringify(phases.map((each) => cellOf(each, { metric, alpha: 0.05, plannedUnits: 50_000, ended: true }))),
    ),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const all: number[] = []
  for (let run = 0; run < 15; run++) {
    const from = performance.now()
    const answer = (await (await fetch(`http://127.0.0.1:${port}`)).json()) as unknown[]
    all.push(performance.now() - from)
    if (answer.length !== CELLS) throw new Error('cells are missing')
  }
  await new Promise((done) => server.close(done))
  return median(all)
}

/** The count e-process, one event after the other. */
export function counts(): object {
  const state = NO_COUNTS(2)
  const shares = [0.5, 0.5]
  const from = process.cpuUsage()
  for (let i = 0; i < COUNTS; i++) evidenceStep(state, i & 1, shares, { k: 100 })
  const { user, system } = process.cpuUsage(from)
  return {
    updates: COUNTS,
    per_second_and_core: Math.round(COUNTS / ((user + system) / 1e6)),
    log_e: round(state.logE),
  }
}

const round = (value: number): number => Number(value.toFixed(2))
