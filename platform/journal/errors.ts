import { errorTable } from '../errors.ts'

export const fail = errorTable({
  CLIENT_JOURNAL_FAILED: {
    status: 500,
    message: 'the journal {path} cannot be written',
    next: 'free the disk or mend its permissions, then start the producer again: nothing acknowledged is lost, it is only not on record',
  },
})
