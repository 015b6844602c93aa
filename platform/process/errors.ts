import { errorTable } from '../errors.ts'

export const fail = errorTable({
  PROCESS_FAILED: {
    status: 500,
    message: '{name} ended before it was ready: {reason}',
    next: '{next}',
  },
  PROCESS_HELD: {
    status: 500,
    message: 'the event loop of {name} was held for {heldMs} ms',
    next: 'nothing to mend at once: it is started again and loses nothing; its log says what it did last, so report it',
  },
  PROCESS_NO_ANSWER: {
    status: 504,
    message: '{name} did not answer "{question}": {reason}',
    next: 'read its log in the data folder under logs/',
  },
  PROCESS_DATA_UNUSABLE: {
    status: 500,
    message: 'the data folder {dataDir} cannot be used: {reason}',
    next: 'name a folder that can be written, or a new one (--data DIR or PLAYLOOP_DATA)',
  },
  PROCESS_DATA_IN_USE: {
    status: 409,
    message: 'the data folder {dataDir} is in use by playloop, process {pid}',
    next: 'stop it first, or choose another folder (--data DIR or PLAYLOOP_DATA)',
  },
})
