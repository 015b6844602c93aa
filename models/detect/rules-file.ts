import { readFileSync } from 'node:fs'
import { errorMessage } from '../../platform/errors.ts'
import { fail } from './errors.ts'
import type { ThresholdRule } from './options.ts'
import { readRules } from './rules.ts'

/**
 * The operator's rules; empty without a file. Throws DETECT_RULES_UNREADABLE, or DETECT_RULES_INVALID with all faults.
 */
export function rulesIn(file: string): readonly ThresholdRule[] {
  if (file === '') return []
  const { rules, faults } = readRules(textOf(file))
  if (faults.length > 0) throw fail('DETECT_RULES_INVALID', { file, faults: faults.join('\n') })
  return rules
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw fail('DETECT_RULES_UNREADABLE', { file, reason: errorMessage(error) }, error)
  }
}
