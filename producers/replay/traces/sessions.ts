import { seeded } from '../../../platform/random.ts'
import {
  HLS_JS,
  idsFrom,
  traceNetwork,
  type Beacon,
  type Dimensions,
  type PlaySetup,
  type Title,
} from '../../player/index.ts'
import { clockOf } from '../source.ts'
import type { Network, Trace } from './archive.ts'

/** Start of the first session: the archive's own date, fixed so that a second run repeats times and ids. */
export const FIRST_START = Date.UTC(2020, 2, 5, 20, 17)
/** Time between the starts of sessions: a hundred sessions of a ten-minute film overlap. */
const GAP_MS = 2_000

/**
 * One recorded network plays the whole film. Viewers are patient (they tolerate a stall of 300 s, Mux's cap), so that
 * sessions end because of the network and not because of an assumption about viewers.
 */
export function sessionSetup(trace: Trace, index: number, title: Title): PlaySetup {
  const sessionId = `${trace.network}-${trace.name}`
  const at = FIRST_START + index * GAP_MS
  return {
    at,
    sessionId,
    clock: clockOf('traces'),
    clockOffsetMs: 0,
    dimensions: { ...PLACES[trace.network], profile_id: `trace-${sessionId}`, household_id: `trace-${sessionId}` },
    title,
    ranked: [{ oca: 'replay-oca', pathway: 'replay' }],
    network: traceNetwork(trace.pieces, at),
    config: HLS_JS,
    viewer: { startupPatienceMs: 300_000, stallPatienceMs: 300_000 },
    startup: { pageMs: 0, playerMs: 0, drmMs: 0 },
    display: { width: 1_920, height: 1_080 },
    newId: idsFrom(seeded(`replay:traces/${sessionId}`)),
  }
}

/**
 * 3G: Telenor's HSDPA around Oslo (Riiser et al., MMSys 2013). 4G: LTE in Ghent (van der Hooft et al., IEEE Comm.
 * Letters 2016), operator unnamed. FCC: fixed lines, USA.
 */
const PLACES: Readonly<Record<Network, Omit<Dimensions, 'profile_id' | 'household_id'>>> = {
  '3g': place('NO', 'NO-03', 2_119, 'phone'),
  '4g': place('BE', 'BE-VOV', 0, 'phone'),
  'fcc-sd': place('US', '', 0, 'tv'),
  'fcc-hd': place('US', '', 0, 'tv'),
}

function place(
  country: string,
  region: string,
  asn: number,
  device: string,
): Omit<Dimensions, 'profile_id' | 'household_id'> {
  return { country, region, asn, device, app_version: 'replay', stream_format: 'h' }
}

/** A session's beacons, one at a time; Player implements it. */
export interface BeaconSource {
  next(): Beacon | undefined
}

/** All sessions' beacons in order of time, on a tie in order of session; one beacon per session is in memory. */
export function* inOrder(sessions: readonly BeaconSource[]): Generator<Beacon> {
  // A binary heap of sessions by their next beacon: there are some thousands of recorded networks.
  const heap: Head[] = []
  sessions.forEach((session, index) => {
    const beacon = session.next()
    if (beacon !== undefined) heap.push({ session, index, beacon })
  })
  heap.sort(before)
  for (let head = heap[0]; head !== undefined; head = heap[0]) {
    yield head.beacon
    const next = head.session.next()
    const last = heap.at(-1)!
    if (next !== undefined) head.beacon = next
    else {
      heap.pop()
      if (heap.length === 0) return
      heap[0] = last
    }
    sink(heap)
  }
}

interface Head {
  readonly session: BeaconSource
  readonly index: number
  beacon: Beacon
}

const before = (a: Head, b: Head): number => a.beacon.at - b.beacon.at || a.index - b.index

/** Moves the first element down to its place. */
function sink(heap: Head[]): void {
  const moving = heap[0]!
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!) < 0) child++
    if (child >= heap.length || before(heap[child]!, moving) >= 0) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = moving
}
