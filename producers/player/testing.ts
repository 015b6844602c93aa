/** Setups for player tests: arbitrary networks, viewers and trouble. */
import fc from 'fast-check'
import { seeded } from '../../platform/random.ts'
import {
  HLS_JS,
  idsFrom,
  traceNetwork,
  variableTitle,
  type AbrName,
  type Network,
  type PlaybackTelemetryInput,
  type PlaySetup,
  type TracePiece,
} from './index.ts'

export const START = 1_700_000_000_000

/** A plain session on a constant network; every part can be replaced. */
export function setup(parts: Partial<PlaySetup> & { trace?: readonly TracePiece[] } = {}): PlaySetup {
  return {
    at: START,
    sessionId: 'session',
    clock: 'world',
    clockOffsetMs: 0,
    dimensions: {
      profile_id: 'p',
      household_id: 'h',
      country: 'NL',
      region: 'NL-NH',
      asn: 64_500,
      device: 'tv',
      app_version: '1.0.0',
      stream_format: 'h',
    },
    title: variableTitle('title', 120_000, 7),
    ranked: [{ oca: 'a', pathway: 'A' }],
    network: traceNetwork(parts.trace ?? [{ durationMs: 60_000, kbps: 8_000, latencyMs: 20 }], START),
    config: HLS_JS,
    viewer: { startupPatienceMs: 30_000, stallPatienceMs: 30_000 },
    startup: { pageMs: 100, playerMs: 150, drmMs: 100 },
    display: { width: 1920, height: 1080 },
    newId: idsFrom(seeded('test')),
    ...parts,
  }
}

const ms = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })

const trace: fc.Arbitrary<TracePiece[]> = fc.array(
  fc.record({
    durationMs: ms(30_000),
    kbps: fc.oneof(fc.constant(0), fc.integer({ min: 50, max: 20_000 })),
    latencyMs: fc.integer({ min: 0, max: 300 }),
  }),
  { minLength: 1, maxLength: 8 },
)

/** A network on which an OCA fails: refuses, hangs or answers with an error for a while. */
function faulty(
  inner: Network,
  faults: readonly { oca: string; fromMs: number; forMs: number; how: number }[],
): Network {
  return {
    request(oca, at, bytes) {
      const fault = faults.find((f) => f.oca === oca && at >= START + f.fromMs && at < START + f.fromMs + f.forMs)
      if (fault === undefined) return inner.request(oca, at, bytes)
      return fault.how === -1
        ? { status: 0, firstByteAt: Infinity, doneAt: Infinity }
        : { status: fault.how, firstByteAt: at + 30, doneAt: at + 30 }
    },
  }
}

/** Any session: any network, any viewer, any trouble. */
export const anySetup: fc.Arbitrary<PlaySetup> = fc
  .record({
    trace,
    abr: fc.constantFrom<AbrName>('bba', 'bola', 'throughput'),
    durationMs: ms(240_000),
    segmentMs: fc.constantFrom(2_000, 4_000, 6_000),
    rate: fc.constantFrom(undefined, 500, 1000, 1250, 1500),
    offset: fc.integer({ min: -5_000, max: 5_000 }),
    patience: ms(40_000),
    from: fc.option(fc.nat(200_000), { nil: undefined }),
    leave: fc.option(ms(200_000), { nil: undefined }),
    quit: fc.option(ms(400_000), { nil: undefined }),
    steps: fc.array(
      fc.record({ kind: fc.constantFrom('pause', 'wait', 'seek'), atMs: ms(200_000), value: ms(240_000) }),
      { maxLength: 5 },
    ),
    faults: fc.array(
      fc.record({
        oca: fc.constantFrom('a', 'b', 'c'),
        fromMs: fc.nat(100_000),
        forMs: ms(60_000),
        how: fc.constantFrom(-1, 0, 503),
      }),
      { maxLength: 3 },
    ),
    decoder: fc.array(fc.record({ atMediaMs: fc.nat(200_000), forMs: ms(3_000) }), { maxLength: 3 }),
    errors: fc.array(
      fc.record({
        atMs: ms(200_000),
        code: fc.constant('E'),
        kind: fc.constantFrom('technical' as const, 'business' as const),
        fatal: fc.constantFrom(false, false, true),
      }),
      { maxLength: 2 },
    ),
    ad: fc.option(
      fc.record({ durationMs: ms(20_000), kbps: fc.integer({ min: 100, max: 3_000 }), stallMs: fc.nat(3_000) }),
      { nil: undefined },
    ),
    turns: fc.array(fc.record({ atMs: ms(200_000), roam: fc.boolean() }), { maxLength: 3 }),
    fps: fc.constantFrom(24, 25, 30),
    drop: fc.nat(40),
  })
  .map((x) =>
    setup({
      title: variableTitle('any', x.durationMs, x.fps, { segmentMs: x.segmentMs, fps: x.fps }),
      ranked: ['a', 'b', 'c'].map((oca) => ({ oca, pathway: oca.toUpperCase() })),
      network: faulty(traceNetwork(x.trace, START), x.faults),
      config: { ...HLS_JS, abr: x.abr, requestTimeoutMs: 8_000, firstByteTimeoutMs: 2_500 },
      clockOffsetMs: x.offset,
      dropPermille: () => x.drop,
      viewer: {
        startupPatienceMs: x.patience,
        stallPatienceMs: x.patience,
        ...(x.leave === undefined ? {} : { leaveAfterMediaMs: x.leave }),
        ...(x.quit === undefined ? {} : { quitAtMs: x.quit }),
        ...(x.rate === undefined ? {} : { ratePermille: x.rate }),
        script: x.steps
          .toSorted((a, b) => a.atMs - b.atMs)
          .map(({ kind, atMs, value }) =>
            kind === 'seek' ? { kind, atMs, toMs: value } : { kind, atMs, forMs: value % 20_000 },
          ),
      },
      trouble: {
        decoder: x.decoder.toSorted((a, b) => a.atMediaMs - b.atMediaMs),
        errors: x.errors.toSorted((a, b) => a.atMs - b.atMs),
      },
      turns: x.turns
        .toSorted((a, b) => a.atMs - b.atMs)
        .map(({ atMs, roam }, i) =>
          roam ? { kind: 'roam', atMs, asn: 65_000 + i } : { kind: 'steer', atMs, rank: i % 3 },
        ),
      ...(x.from === undefined ? {} : { fromMs: x.from % x.durationMs }),
      ...(x.ad === undefined ? {} : { ad: x.ad }),
    }),
  )

/** Records without resends, in order of their sequence numbers. */
export function distinct(
  beacons: readonly { readonly records: readonly PlaybackTelemetryInput[] }[],
): PlaybackTelemetryInput[] {
  const byId = new Map(beacons.flatMap(({ records }) => records).map((record) => [record.event_id, record]))
  return [...byId.values()].sort((a, b) => a.seq - b.seq)
}
