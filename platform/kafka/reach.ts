import { connect } from 'node:net'
import { errorCode } from '../errors.ts'
import { fail } from './protocol-errors.ts'

const CONNECT_LIMIT_MS = 2_000

/** Throws KAFKA_UNREACHABLE within seconds if nothing listens at any of these addresses (`host:port`). */
export async function ensureReachable(brokers: readonly string[]): Promise<void> {
  const attempts = brokers.map(async (broker) => {
    const reason = await connectFault(broker)
    if (reason !== undefined) throw new Error(`${broker} ${reason}`)
  })
  await Promise.any(attempts).catch(({ errors }: AggregateError) => {
    const reason = (errors as Error[]).map(({ message }) => message).join(', ')
    throw fail('KAFKA_UNREACHABLE', { brokers: brokers.join(','), reason })
  })
}

function connectFault(broker: string): Promise<string | undefined> {
  const [, host, port] = /^(.*):(\d+)$/.exec(broker) ?? []
  return new Promise((resolve) => {
    const socket = connect({ host: host ?? broker, port: Number(port), timeout: CONNECT_LIMIT_MS })
    const end = (reason?: string): void => {
      socket.destroy()
      resolve(reason)
    }
    socket.once('connect', () => end())
    socket.once('timeout', () => end(`did not answer within ${CONNECT_LIMIT_MS / 1_000} s`))
    socket.once('error', (error) => end(errorCode(error)))
  })
}
