import { errorTable } from '../errors.ts'

export const fail = errorTable({
  WORKER_TASK_FAILED: {
    status: 500,
    message: 'a computation failed: {reason}',
    next: 'the cause says where; the same task fails again until that is mended',
  },
  WORKER_CRASHED: {
    status: 500,
    message: 'a worker thread ended within a computation: {reason}',
    next: 'a new thread takes over; if it repeats, look at the memory of the process',
  },
  WORKER_QUEUE_FULL: {
    status: 503,
    message: '{limit} computations wait already',
    next: 'ask again later; nothing of this one was begun',
  },
  WORKER_STOPPED: {
    status: 503,
    message: 'no computation is taken any more: the process is stopping',
    next: 'ask another instance',
  },
})
