import { systemClock } from '../../../platform/clock.ts'
import { DAY_MS, MINUTE_MS } from '../../../platform/time.ts'
import type { SessionsAnswer } from '../../../web/shell/answers.ts'
import { startLoop } from '../loop.ts'
import type { Recording } from './play.ts'
import { PLAYERS } from './players.ts'
import { linesOf } from './recordings.ts'
import { SCENARIOS } from './scenarios.ts'

/** They were played so long ago that those who left without a word are known to have left. */
const AGO_MS = 45 * MINUTE_MS
/** A clock's present is where its players are: more watch now than are told of. */
const VIEWERS = 200

type Session = SessionsAnswer['sessions'][number]

export const PLAYBACKS = PLAYERS.flatMap(({ name: player }) =>
  SCENARIOS.map(({ name: scenario }) => ({ player, scenario })),
)

/** What the running system, from the collector to the API, tells of recorded playbacks, by their session. */
export async function told(recordings: readonly Recording[]): Promise<ReadonlyMap<string, Session>> {
  const loop = await startLoop()
  for (const recording of recordings) {
    const later = systemClock.now() - AGO_MS - recording.closed
    await loop.send('cmcd', 'application/cmcd', linesOf(recording, recording.session_id, later))
  }
  await loop.send('cmcd', 'application/cmcd', othersNow())
  await loop.settle()
  const now = systemClock.now()
  const { sessions } = await loop.get<SessionsAnswer>(
    `sessions?clock=live&time=open&from=${now - DAY_MS}&to=${now - AGO_MS + MINUTE_MS}&limit=200`,
  )
  await loop.stop()
  return new Map(sessions.map((session) => [session.session_id, session]))
}

const othersNow = (): string[] =>
  Array.from({ length: VIEWERS }, (_, n) => `e=t,sid="other ${n}",sn=0,sta=p,ts=${systemClock.now()},v=2`)
