import { errorTable } from '../errors.ts'

export const fail = errorTable({
  CLI_USAGE: { status: 400, message: '{fault}', next: '{next}' },
  CLI_PORT_IN_USE: {
    status: 409,
    message: 'port {port} for {what} is in use by another program',
    next: 'stop that program, or choose another port with {how}',
  },
  CLI_PORT_TWICE: {
    status: 409,
    message: 'port {port} is meant for {what} and for {other}',
    next: 'choose another port for one of them with {how}',
  },
  CLI_PORT_REFUSED: {
    status: 500,
    message: 'port {port} for {what} cannot be opened at {host}: {reason}',
    next: 'mend PLAYLOOP_HOST, which names an address of this machine, or choose another port with {how}',
  },
  CLI_NEEDS: { status: 400, message: '{role} needs {what}', next: '{next}' },
})
