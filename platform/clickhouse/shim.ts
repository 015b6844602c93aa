import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { setTimeout as sleep } from 'node:timers/promises'
import { cast, quote, replacePlaceholders } from './params.ts'
import { StoreError, type Store } from './port.ts'
import { DEFAULTS } from './settings.ts'
import { createStatementTable } from './shim-statements.ts'

/**
 * ClickHouse's HTTP interface over a store, as far as @clickhouse/client uses it. For tests only: it takes the place of
 * a server, so that lost answers, dead servers and frozen clients can be tested on the real engine. It does not prove
 * how a real server reads `FORMAT Avro` from a request body.
 */
export interface Shim {
  readonly url: string
  readonly faults: Faults
  close(): Promise<void>
}

/** Faults injected into the next statements whose text contains `on`. Counts go down; 0 = off. */
export interface Faults {
  on: string
  /** Delay before the statement, ms. */
  delayMs: number
  /** Number of statements that run to their end while the socket is cut before the answer. */
  dropReplies: number
  /** Number of statements whose socket is cut at once, while the statement waits `delayMs` and still runs. */
  disconnects: number
  /** Ends the process before or after the next statement, like `kill -9`. */
  die: '' | 'before' | 'after'
}

export const noFaults = (): Faults => ({ on: 'INSERT', delayMs: 0, dropReplies: 0, disconnects: 0, die: '' })

/**
 * Settings that a client may send outside the statement; any other setting must be part of its text and is refused
 * here.
 */
const CARRIED = new Set([
  ...Object.keys(DEFAULTS),
  'wait_end_of_query',
  'max_execution_time',
  'enable_http_compression',
  'cancel_http_readonly_queries_on_client_close',
  'database',
  'query',
  'query_id',
  'default_format',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
])

export async function startShim(store: Store, port = 0): Promise<Shim> {
  const faults = noFaults()
  const statements = createStatementTable()
  const server = createServer({ maxHeaderSize: 1_048_576 }, (request, response) => {
    answer({ store, faults, statements }, request, response).catch((error: unknown) => sendError(response, error))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    close: () => closeServer(server),
  }
}

interface ShimState {
  readonly store: Store
  readonly faults: Faults
  readonly statements: ReturnType<typeof createStatementTable>
}

async function answer(state: ShimState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://shim')
  if (url.pathname === '/ping') return void response.end('Ok.\n')
  const body = await buffer(request)
  if (url.pathname === '/shim/faults')
    return void response.end(JSON.stringify(Object.assign(state.faults, JSON.parse(String(body)))))
  const stranger = [...url.searchParams.keys()].find((name) => !CARRIED.has(name) && !name.startsWith('param_'))
  if (stranger !== undefined)
    throw new StoreError(
      `Code: 115. DB::Exception: setting ${stranger} must stand in the statement. (UNKNOWN_SETTING)`,
      115,
    )
  const inUrl = url.searchParams.get('query')
  const sql = bind(inUrl ?? String(body), url.searchParams)
  const result = await faulty(state, sql, response, url.searchParams.get('query_id') ?? '', () =>
    run(state, sql, inUrl === null ? undefined : body),
  )
  if (!response.destroyed) send(request, response, result)
}

/** Runs a statement with the injected faults, and records its outcome. */
async function faulty(
  { faults, statements }: ShimState,
  sql: string,
  response: ServerResponse,
  queryId: string,
  work: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const hit = sql.includes(faults.on)
  if (hit && faults.disconnects > 0) {
    faults.disconnects--
    response.destroy()
  }
  return statements.track(queryId, async () => {
    if (hit && faults.delayMs > 0) await sleep(faults.delayMs)
    if (hit && faults.die === 'before') process.kill(process.pid, 'SIGKILL')
    const result = await work()
    if (hit && faults.die === 'after') process.kill(process.pid, 'SIGKILL')
    if (hit && faults.dropReplies > 0) {
      faults.dropReplies--
      response.destroy()
    }
    return result
  })
}

async function run({ store, statements }: ShimState, sql: string, body: Uint8Array | undefined): Promise<Uint8Array> {
  if (body !== undefined) return insert(store, sql, body)
  const read = /^([^]*?)\nFORMAT (\w+)\s*$/.exec(sql)
  if (read !== null) return store.bytes(statements.answerFor(read[1]!), read[2]!)
  await store.exec(sql)
  return new Uint8Array()
}

/** `INSERT … FROM input('structure') … FORMAT Avro` with the data as the body. */
async function insert(store: Store, sql: string, body: Uint8Array): Promise<Uint8Array> {
  const statement = /^([^]*)\bFORMAT Avro\s*$/.exec(sql)?.[1]
  const input = statement === undefined ? null : /input\('((?:[^'\\]|\\[^])*)'\)/.exec(statement)
  if (statement === undefined || input === null)
    throw new StoreError(
      'Code: 62. DB::Exception: the shim takes bodies only as input(...) FORMAT Avro. (SYNTAX_ERROR)',
      62,
    )
  const structure = input[1]!.replace(/\\([^])/g, '$1')
  await store.insertAvro({
    sql: statement.replace(input[0], () => '{source}'),
    structure,
    body: [body],
    queryId: 'shim',
  })
  return new Uint8Array()
}

/** Binds parameters, which arrive in tab-separated form; the engine casts text to any type, including arrays. */
function bind(sql: string, values: URLSearchParams): string {
  return replacePlaceholders(sql, (name, type) => {
    const value = values.get(`param_${name}`)
    if (value === null)
      throw new StoreError(
        `Code: 456. DB::Exception: Substitution \`${name}\` is not set. (UNKNOWN_QUERY_PARAMETER)`,
        456,
      )
    if (type === 'Identifier') return `\`${unescapeTsv(value).replace(/[\\`]/g, '\\$&')}\``
    return value === '\\N'
      ? cast('NULL', type)
      : cast(quote(type.startsWith('Array') ? value : unescapeTsv(value)), type)
  })
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', 0: '\0' }
const unescapeTsv = (text: string): string => text.replace(/\\([^])/g, (_, letter: string) => ESCAPES[letter] ?? letter)

function send(request: IncomingMessage, response: ServerResponse, result: Uint8Array): void {
  const zip = String(request.headers['accept-encoding'] ?? '').includes('gzip')
  if (zip) response.setHeader('content-encoding', 'gzip')
  response.end(zip ? gzipSync(result) : result)
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return
  const { engineCode, message } = error instanceof StoreError ? error : new StoreError(String(error), 0)
  response.statusCode = engineCode === 60 ? 404 : 500
  response.setHeader('X-ClickHouse-Exception-Code', String(engineCode))
  response.end(message)
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => void server.close(() => resolve()))
}
