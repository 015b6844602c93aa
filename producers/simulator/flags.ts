import { readFileSync } from 'node:fs'
import { isOneOf, isUrl, positive, wholeNumber } from '../../platform/cli/checks.ts'
import type { Flags } from '../../platform/cli/flags.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Scenario } from './faults.ts'
import { readScenario } from './scenario.ts'

/** Flags of the world, for both `start` and `run world`. */
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
  telemetry: {
    type: 'string',
    hint: 'FORM',
    doc: 'how players tell their telemetry: cmcd (version 2, event mode) or json; the same events land (cmcd)',
    check: isOneOf('cmcd', 'json'),
  },
}

export const COLLECTOR_FLAG = { type: 'string', hint: 'URL', doc: 'where its events go', check: isUrl } as const

export const API_FLAG = {
  type: 'string',
  hint: 'URL',
  doc: 'where its experiments are registered; none without it',
  check: (value: string) => (value === '' ? undefined : isUrl(value)),
} as const

/** The scenario in a file, or a description of its fault. */
export function scenarioIn(file: string): Scenario | string {
  try {
    return readScenario(readFileSync(file, 'utf8'))
  } catch (error) {
    return errorMessage(error)
  }
}

/** The fault of the file, or undefined if there is none. */
function scenarioFault(file: string): string | undefined {
  const read = scenarioIn(file)
  return typeof read === 'string' ? `names no scenario: ${read}` : undefined
}
