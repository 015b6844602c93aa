import type { Clock } from '../clock.ts'
import { errorCode } from '../errors.ts'
import { isLoopback } from './auth/auth.ts'
import { fail } from './errors.ts'
import type { HttpServer } from './edge.ts'

export interface ListenOptions {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Variable that sets the port, named in the error if the port is taken. */
  readonly variable: string
  readonly clock: Clock
  /**
   * Time in which a draining server still accepts requests, so that a load balancer notices that it is not ready, ms.
   */
  readonly lameDuckMs?: number
  /** Time for running requests to finish before `onLate` is called, ms. */
  readonly graceMs?: number
  /** Ends requests that are still running; if absent, their connections are closed. */
  readonly onLate?: () => void
}

export interface Listening {
  readonly url: string
  /**
   * Drains: not ready → streams end → no new connections → running requests are answered. Later calls return the same
   * promise.
   */
  readonly stop: () => Promise<void>
}

const GRACE_MS = 5_000

/** Starts listening. Throws HTTP_OPEN_TO_ALL or HTTP_PORT_TAKEN. */
export async function listen(app: HttpServer, options: ListenOptions): Promise<Listening> {
  const { host, port, variable } = options
  await app.ready()
  const guarded = app.edge.routes.all.some(({ scope }) => scope !== 'public')
  const isOpen = guarded && app.edge.access === 'open'
  if (isOpen && !isLoopback(host)) throw fail('HTTP_OPEN_TO_ALL', { host })
  app.edge.loopbackNamesOnly = isOpen
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw errorCode(error) === 'EADDRINUSE' ? fail('HTTP_PORT_TAKEN', { port, variable }, error) : error
  }
  const address = app.server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  let stopping: Promise<void> | undefined
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    stop: () => (stopping ??= drain(app, options)),
  }
}

async function drain(
  app: HttpServer,
  { clock, lameDuckMs = 0, graceMs = GRACE_MS, onLate }: ListenOptions,
): Promise<void> {
  app.edge.drain()
  if (lameDuckMs > 0) await clock.sleep(lameDuckMs)
  const late = setTimeout(onLate ?? (() => app.server.closeAllConnections()), graceMs)
  await app.close()
  clearTimeout(late)
}
