import { positive, wholeNumber, type Flag, type Flags } from './cli.ts'
import { scenarioFault } from './scenario.ts'

/** Of all that sends what players tell. */
export const TELEMETRY_FLAG: Flag = {
  type: 'string',
  hint: 'FORM',
  doc: 'how players tell their telemetry: cmcd (version 2, event mode) or json; the same events land (cmcd)',
  check: (value) => (['cmcd', 'json'].includes(value) ? undefined : 'must be cmcd or json'),
}

/** Flags of the world, of `start` and of `run world` alike. */
export const WORLD_FLAGS: Flags = {
  seed: { type: 'string', hint: 'N', doc: 'the world is a function of it (7)', check: wholeNumber(0) },
  speed: {
    type: 'string',
    hint: 'N',
    doc: "how many times faster than ours the world's clock runs (10)",
    check: positive,
  },
  rate: {
    type: 'string',
    hint: 'N',
    doc: 'events a second to aim at (300); 0 = what the viewers of a small world do',
    check: wholeNumber(0),
  },
  scenario: {
    type: 'string',
    hint: 'FILE',
    doc: 'faults to plant, as JSON (producers/simulator/faults.ts); a few of each kind by default, [] = none',
    check: scenarioFault,
  },
  backfill: { type: 'string', hint: 'DAYS', doc: 'days of the past to send first (0)', check: wholeNumber(0, 365) },
  telemetry: TELEMETRY_FLAG,
}
