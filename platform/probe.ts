import { createServer } from 'node:http'
import { errorTable } from './errors.ts'
import type { Metrics } from './metrics.ts'

export const fail = errorTable({
  PROBE_PORT_TAKEN: {
    status: 500,
    message: 'port {port} for health and metrics is taken',
    next: 'end the program that has it, or set PORT to another; 0 takes any free one',
  },
})

export interface Probe {
  readonly url: string
  close(): Promise<void>
}

/**
 * `/metrics`, `/health/live` and `/health/ready` for a role that serves nothing else: the sink of a cluster is scraped
 * by it.
 */
export async function serveProbe({
  host,
  port,
  metrics,
  ready,
}: {
  readonly host: string
  readonly port: number
  readonly metrics: Metrics
  readonly ready: () => boolean
}): Promise<Probe> {
  const server = createServer((request, response) => {
    const say = (status: number, type: string, body: string): void =>
      void response.writeHead(status, { 'content-type': type }).end(body)
    switch (request.url ?? '') {
      case '/metrics':
        metrics.text().then(
          (text) => say(200, metrics.contentType, text),
          () => say(500, 'text/plain', 'the metrics could not be read'),
        )
        return
      case '/health/live':
        return say(200, 'application/json', '{"status":"live"}')
      case '/health/ready':
        return ready()
          ? say(200, 'application/json', '{"status":"ready"}')
          : say(503, 'application/json', '{"status":"waiting"}')
      default:
        return say(404, 'application/json', '{"next":"/metrics, /health/live or /health/ready"}')
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(fail('PROBE_PORT_TAKEN', { port }, error)))
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
