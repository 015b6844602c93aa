import { errorTable } from '../errors.ts'

export const fail = errorTable({
  DISK_LOW: {
    status: 503,
    message: 'the disk of {folder} has {free} MB free, and {reserve} MB are kept in reserve',
    next: 'make room on that disk: everything goes on by itself then, and nothing is lost meanwhile (docs/runbook.md, "The disk is full"); PLAYLOOP_DISK_RESERVE sets the reserve',
  },
})
