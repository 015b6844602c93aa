import { errorTable } from '../errors.ts'

export const fail = errorTable({
  CLI_USAGE: { status: 400, message: '{fault}', next: '{next}' },
  CLI_PORT_IN_USE: {
    status: 409,
    message: 'port {port} for {what} is in use by another program',
    next: 'stop that program, or choose another port with {how}',
  },
  CLI_NEEDS: { status: 400, message: '{role} needs {what}', next: '{next}' },
})
