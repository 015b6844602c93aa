import { maxHeaderSize, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PlayloopError } from '../errors.ts'
import type { Cors } from './cors.ts'
import { fail } from './errors.ts'
import { PROBLEM_TYPE, problemHeaders, problemOf } from './problems.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

/** Error of Node's HTTP parser for a connection without a valid request. */
export interface ParserError extends Error {
  readonly code?: string
  readonly reason?: string
  readonly rawPacket?: unknown
}

/** Counts a refusal and converts it to the server's own codes and messages. */
export type Refuse = (error: PlayloopError) => PlayloopError

/** Time for the client to read the answer before the connection is closed, ms. */
const LINGER_MS = 500

/** Answers requests that never reach a route: header overflow, malformed, too slow. Writes directly to the socket. */
export function clientErrorHandler(refuse: Refuse, cors: Cors | undefined) {
  return (error: ParserError, socket: Duplex): void => {
    const { _httpMessage: answering } = socket as { _httpMessage?: ServerResponse }
    // After a reset there is no client to answer; an answer that has begun cannot be followed by another.
    if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent === true) {
      socket.destroy()
      return
    }
    end(socket, refuse(ofParser(error)), cors?.headers(originOf(error.rawPacket)) ?? {})
  }
}

/** Refuses unknown `Expect` values and CONNECT, which Node passes to separate listeners. */
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
  // Remaining input is discarded: closing with unread bytes would reset the connection before the client reads the
  // answer.
  socket.resume()
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

/** The Origin header of the requesting page, if that part of the request has arrived. */
const originOf = (packet: unknown): string | undefined =>
  Buffer.isBuffer(packet) ? /\r\norigin: *([\x21-\x7e]{1,200})\r\n/i.exec(packet.toString('latin1'))?.[1] : undefined
