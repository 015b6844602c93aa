import { errorTable } from '../../platform/errors.ts'

export const fail = errorTable({
  REBUILD_TABLE: {
    status: 400,
    message: '{table} is not a landing table',
    next: 'name one of {tables}; what is derived from it is made again with it',
  },
})
