import { errorTable } from '../../platform/errors.ts'

export const fail = errorTable({
  REPLAY_KIND_UNKNOWN: {
    status: 400,
    message: "'{kind}' is not a data set that can be replayed",
    next: 'use one of: movielens, traces, interactions, experiment',
  },
  REPLAY_FILE_MISSING: {
    status: 404,
    message: '{path} is not there or cannot be read',
    next: '{hint}',
  },
  REPLAY_FILE_ODD: {
    status: 422,
    message: '{path} is not what it should be: {reason}',
    next: '{hint}',
  },
  REPLAY_LINE_ODD: {
    status: 422,
    message: '{path} line {line} is not {form}: {text}',
    next: 'mend or fetch the file again, then run again: it goes on where it stopped, or from the start without counting anything twice',
  },
  REPLAY_SPEED_INVALID: {
    status: 400,
    message: "speed '{speed}' is neither 'max' nor a number above 0",
    next: 'use --speed max, or a factor such as --speed 1000 (1,000 times the pace of the data)',
  },
  REPLAY_BUSY: {
    status: 409,
    message: 'process {pid} replays {kind} from the same data folder',
    next: 'wait for it to end, or stop it; a later run goes on where it stopped',
  },
})
