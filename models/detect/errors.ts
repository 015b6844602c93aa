import { errorTable } from '../../platform/errors.ts'

export const fail = errorTable({
  DETECT_RULES_UNREADABLE: {
    status: 500,
    message: 'the alert rules in {file} cannot be read: {reason}',
    next: 'mend the path or the rights, or unset PLAYLOOP_ALERT_RULES',
  },
  DETECT_RULES_INVALID: {
    status: 500,
    message: 'the alert rules in {file} cannot be used:\n{faults}',
    next: 'mend what is named; docs/configuration.md shows a rule, `playloop validate` checks the file',
  },
})
