import type { ListedSession } from '../../../web/shell/answers.ts'
import { INTERVAL_MS, PLAYERS } from './players.ts'
import type { Recording } from './play.ts'

/** How far a start-up may be from what the element showed, ms. */
const STARTUP_MS = 50
/** How far the begin or the end of a stall may be, ms. */
const EDGE_MS = 150

/**
 * What the system tells wrongly of a recorded playback; none = []. A time is right if it is close to the truth, or if
 * it is bounded by values that hold the truth and are less than one report interval apart.
 */
export function faultsOf(told: ListedSession | undefined, recording: Recording): string[] {
  if (told === undefined) return ['the session is not there']
  const { truth, player } = recording
  const stalled = truth.stalls.reduce((sum, [from, to]) => sum + to - from, 0)
  const [least, most] = [told.stall_ms, told.stall_ms + told.hidden_ms]
  const held = least <= stalled && stalled <= most
  const near = Math.abs(least - stalled) <= 2 * truth.stalls.length * EDGE_MS
  const { states, silentIn } = PLAYERS.find(({ name }) => name === player)!
  const count = states ? told.stall_count === truth.stalls.length : told.stall_count <= truth.stalls.length
  const outcome = heard(recording, states, silentIn)
  return [
    ...wrong('outcome', told.outcome === outcome, told.outcome, outcome),
    ...wrong('start-up', startsRight(told.startup_ms, recording), told.startup_ms, truth.startup_ms),
    ...wrong('stalls', count, told.stall_count, truth.stalls.length),
    // Without states nothing says how long a stall was, and nothing may claim to know it.
    ...wrong('stalled', states ? near || (held && told.hidden_ms < INTERVAL_MS) : held, `${least}-${most}`, stalled),
  ]
}

const wrong = (what: string, right: boolean, told: string | number, truth: string | number | null): string[] =>
  right ? [] : [`${what}: ${told}, truly ${truth ?? 'none'}`]

/**
 * How a playback ends for all that is heard. A player that tells no state does not say that it came to the end; one that
 * gives up without a fatal state leaves a viewer who did not wait (an exit before video start has no *fatal* error).
 */
function heard({ outcome, scenario }: Recording, states: boolean, silentIn: readonly string[]): string {
  if (silentIn.includes(scenario)) return 'ebvs'
  return !states && outcome === 'finished' ? 'quit' : outcome
}

/** The request lies within the call of the player, which takes its time on a busy machine. */
function startsRight(told: number, { truth: { startup_ms: truth }, asked, returned }: Recording): boolean {
  if (truth === null) return told === -1
  return told >= truth - (returned - asked) - STARTUP_MS && told <= truth + STARTUP_MS
}
