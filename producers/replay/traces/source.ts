import { formatUuid, nameUuid } from '../../../platform/ids.ts'
import { Player, type PlaySetup, type Title } from '../../player/index.ts'
import { fingerprint } from '../files.ts'
import { clockOf, type ReplayEvent, type ReplaySource } from '../source.ts'
import { readArchive } from './archive.ts'
import { FIRST_START, inOrder, sessionSetup } from './sessions.ts'
import { writeTotals, type TracedSession } from './totals.ts'

export interface TracesOptions {
  /** Number of sessions: mobile traces first, then FCC ones; undefined means every mobile trace once. */
  readonly count: number | undefined
  /** Output file of the model's own totals. */
  readonly totalsPath: string
}

const MOBILE_TRACES = 126

/**
 * Big Buck Bunny played over recorded networks, all sessions interleaved in order of time: one title event, then
 * telemetry.
 */
export async function openTraces(path: string, { count, totalsPath }: TracesOptions): Promise<ReplaySource> {
  const { traces, title } = await readArchive(path, (count ?? 0) > MOBILE_TRACES)
  const setups = traces.slice(0, count).map((trace, index) => sessionSetup(trace, index, title))
  const { total, endings } = rehearse(setups)
  let position = 0
  async function* events(skip: number): AsyncGenerator<readonly ReplayEvent[]> {
    position = 1
    if (skip < 1) yield [titleEvent(title)]
    for (const { records } of inOrder(setups.map((setup) => new Player(setup)))) {
      const from = Math.max(0, skip - position)
      position += records.length
      if (from < records.length) yield records.slice(from).map((event) => ({ topic: 'playback.telemetry', event }))
    }
  }
  return {
    kind: 'traces',
    fingerprint: await fingerprint([path], String(setups.length)),
    events,
    fraction: () => position / total,
    // A session's ground truth is written once all its records are acknowledged.
    settled: (upTo) =>
      writeTotals(
        totalsPath,
        endings.filter(({ end }) => end <= upTo).map(({ session }) => session),
      ),
  }
}

interface Ending {
  readonly session: TracedSession
  /** Position after the session's last record. */
  readonly end: number
}

/**
 * Plays everything once to get lengths and ground truth: a hundred sessions take half a second, and no record is kept.
 */
function rehearse(setups: readonly PlaySetup[]): { total: number; endings: Ending[] } {
  const players = setups.map((setup) => new Player(setup))
  const ends = new Map<string, number>()
  let total = 1
  for (const { records } of inOrder(players)) {
    total += records.length
    ends.set(records[0]!.session_id, total)
  }
  const endings = setups.map(({ sessionId, at }, i) => ({
    session: { session_id: sessionId, instance: at, totals: players[i]!.totals! },
    end: ends.get(sessionId) ?? 0,
  }))
  return { total, endings }
}

function titleEvent(title: Title): ReplayEvent {
  return {
    topic: 'catalog.titles',
    event: {
      event_id: formatUuid(nameUuid('replay:traces/title', title.id)),
      clock: clockOf('traces'),
      event_time: FIRST_START,
      title_id: title.id,
      version: 1,
      kind: 'film',
      name: 'Big Buck Bunny',
      year: 2008,
      genres: ['Animation', 'Comedy'],
      runtime_ms: title.durationMs,
    },
  }
}
