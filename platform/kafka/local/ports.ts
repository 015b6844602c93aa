import { createServer } from 'node:net'
import { errorCode } from '../../errors.ts'
import { unpredictable } from '../../random.ts'

/**
 * Below the ranges from which systems assign ports to outgoing connections (Linux 32768+, IANA 49152+): a client that
 * reconnects while the broker restarts can neither take its port nor connect to itself.
 */
const FIRST = 20_000
const LAST = 31_999

/** Finds distinct free ports on the loopback address. */
export async function freePorts(count: number): Promise<number[]> {
  const random = unpredictable()
  const found = new Set<number>()
  while (found.size < count) {
    const port = FIRST + random.below(LAST - FIRST + 1)
    if (await isFree(port)) found.add(port)
  }
  return [...found]
}

export const isFree = async (port: number, host = '127.0.0.1'): Promise<boolean> =>
  (await listenFault(port, host)) === undefined

/** Why one cannot listen there: the system's code, such as EADDRINUSE; undefined if one can. */
export function listenFault(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(errorCode(error)))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}
