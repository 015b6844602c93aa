import { readFileSync } from 'node:fs'
import { errorMessage } from '../platform/errors.ts'
import type { Scenario } from '../producers/simulator/faults.ts'
import { readScenario } from '../producers/simulator/scenario.ts'

/** The scenario in a file, or what is wrong with it. */
export function scenarioIn(file: string): Scenario | string {
  try {
    return readScenario(readFileSync(file, 'utf8'))
  } catch (error) {
    return errorMessage(error)
  }
}

/** What is wrong with the file, or nothing. */
export function scenarioFault(file: string): string | undefined {
  const read = scenarioIn(file)
  return typeof read === 'string' ? `names no scenario: ${read}` : undefined
}
