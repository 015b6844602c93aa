import { maxHeaderSize, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PlayloopError } from '../errors.ts'
import type { Cors } from './cors.ts'
import { fail } from './errors.ts'
import { PROBLEM_TYPE, problemHeaders, problemOf } from './problems.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** What Node's parser says of a connection whose request never became one. */
export interface ParserError extends Error {
  readonly code?: string
  readonly reason?: string
  readonly rawPacket?: unknown
}

/** Counts, and puts a refusal into the server's words. */
export type Refuse = (error: PlayloopError) => PlayloopError

/** Time for the client to read the answer before the connection is cut, ms. */
const LINGER_MS = 500

/** Requests that never reach a route: header overflow, malformed, too slow. The answer is written on the socket. */
export function clientErrorHandler(refuse: Refuse, cors: Cors | undefined) {
  return (error: ParserError, socket: Duplex): void => {
    const { _httpMessage: answering } = socket as { _httpMessage?: ServerResponse }
    // A reset has nobody to tell; an answer that has begun cannot be followed by another.
    if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent === true) {
      socket.destroy()
      return
    }
    end(socket, refuse(ofParser(error)), cors?.headers(originOf(error.rawPacket)) ?? {})
  }
}

/** `Expect` of an unknown kind, and CONNECT, which Node hands to listeners of their own. */
export function refuseRare(server: Server, refuse: Refuse, cors: Cors | undefined): void {
  server.on('checkExpectation', ({ headers }: IncomingMessage, response: ServerResponse) => {
    const error = refuse(fail('HTTP_EXPECTATION', { expect: String(headers.expect).slice(0, 100) }))
    const body = JSON.stringify(problemOf(error))
    response.writeHead(error.status, fieldsOf(error, body, cors?.headers(headers.origin) ?? {})).end(body)
  })
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Duplex) =>
    end(socket, refuse(fail('HTTP_METHOD', { method: 'CONNECT', path: url.slice(0, 200), allow: 'GET' })), {}),
  )
}

function ofParser({ code, reason }: ParserError): PlayloopError {
  if (code === 'HPE_HEADER_OVERFLOW') return fail('HTTP_HEADERS_TOO_LARGE', { limit: maxHeaderSize })
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return fail('HTTP_TIMEOUT')
  return fail('HTTP_MALFORMED', { problem: reason ?? code ?? 'it cannot be parsed' })
}

const fieldsOf = (
  error: PlayloopError,
  body: string,
  more: Readonly<Record<string, string>>,
): Record<string, string> => ({
  ...SECURITY_HEADERS,
  ...more,
  ...problemHeaders(error, undefined),
  'content-type': PROBLEM_TYPE,
  'content-length': String(Buffer.byteLength(body)),
})

function end(socket: Duplex, error: PlayloopError, more: Readonly<Record<string, string>>): void {
  const body = JSON.stringify(problemOf(error))
  const fields = { ...fieldsOf(error, body, more), connection: 'close' }
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\n${head.join('')}\r\n${body}`)
  // What still comes is thrown away: closing with unread bytes would reset the connection under the answer.
  socket.resume()
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

/** The page that asks, as far as its request has come. */
const originOf = (packet: unknown): string | undefined =>
  Buffer.isBuffer(packet) ? /\r\norigin: *([\x21-\x7e]{1,200})\r\n/i.exec(packet.toString('latin1'))?.[1] : undefined
