import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'

/** A proxy to a registry that counts requests, for tests. */
export interface Recorder {
  readonly url: string
  /** Number of requests so far whose `METHOD path` contains the text. */
  asked(text: string): number
  /** Cuts or restores the connection. */
  cut(isCut: boolean): void
  stop(): Promise<void>
}

/** Starts the proxy; it forwards every request unchanged. */
export async function startRecorder(registry: string): Promise<Recorder> {
  const target = new URL(registry)
  const seen: string[] = []
  let isCut = false
  const server = createServer((incoming, answer) => {
    if (isCut) return void answer.destroy()
    seen.push(`${incoming.method} ${incoming.url}`)
    const chunks: Buffer[] = []
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const type = incoming.headers['content-type'] ?? 'application/json'
        request(`${target.origin}${incoming.url}`, {
          method: incoming.method as 'GET',
          headers: { 'content-type': type },
          body: chunks.length === 0 ? null : Buffer.concat(chunks),
        }).then(
          async ({ statusCode, body }) => answer.writeHead(statusCode).end(await body.text()),
          () => answer.destroy(),
        )
      })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    asked: (text) => seen.filter((line) => line.includes(text)).length,
    cut: (wanted) => void (isCut = wanted),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
