import { readFileSync } from 'node:fs'
import { fail } from '../models/detect/errors.ts'
import { readRules, type ThresholdRule } from '../models/detect/index.ts'
import { errorMessage } from '../platform/errors.ts'

/**
 * The operator's rules; none without a file. Throws DETECT_RULES_UNREADABLE, and DETECT_RULES_INVALID with every fault.
 */
export function alertRules(file: string): readonly ThresholdRule[] {
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
