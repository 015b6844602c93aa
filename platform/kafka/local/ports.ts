import { createServer } from 'node:net'
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

export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}
