import { Readable } from 'node:stream'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { systemClock, type Clock } from '../clock.ts'
import { errorMessage } from '../errors.ts'
import type { Logger } from '../logger.ts'
import { unpredictable } from '../random.ts'
import { parseRows } from './lines.ts'
import { engineCodeOf, fail, toStoreError } from './errors.ts'
import { settleFate, type FateOptions } from './fate.ts'
import { quote } from './params.ts'
import { StoreError, type Query, type SqlParams, type Store } from './port.ts'
import { DEFAULTS, QUERY_SECONDS } from './settings.ts'

export interface ServerOptions {
  readonly url: string
  readonly database: string
  readonly user: string
  readonly password: string
  /** After this time without an answer, the outcome of a statement is looked up by its id, ms. */
  readonly requestTimeoutMs?: number
  readonly clock?: Clock
  readonly fate?: Partial<FateOptions>
}

/** Opens a ClickHouse server over HTTP(S). */
export async function openServer(options: ServerOptions, logger: Logger): Promise<Store> {
  await createDatabase(options)
  const client = connect(options, options.database)
  const clock = options.clock ?? systemClock
  // Each attempt gets a new id: the log entry of an earlier attempt must not count for a later one.
  const identity = Buffer.from(unpredictable().bytes(8)).toString('hex')
  let attempts = 0
  let open = true
  const underWay = new Set<Promise<unknown>>()
  /** Tracks running statements until they end, and refuses new ones after the close. */
  const guard = <T>(start: () => Promise<T>): Promise<T> => {
    if (!open) return Promise.reject(fail('STORE_CLOSED'))
    const work = start()
    underWay.add(work)
    const forget = (): void => void underWay.delete(work)
    work.then(forget, forget)
    return work
  }
  const nextId = (name: string): string => `${name}:${identity}:${++attempts}`
  const ask = async <T>(query: Query): Promise<T[]> =>
    parseRows<T>(await read(client, query, 'JSONEachRow', nextId('ask')))
  /** Runs a statement that changes data; if the answer is lost, the outcome is queried, never guessed. */
  const change = async (queryId: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      if (error instanceof StoreError && error.engineCode !== 0) throw error
      logger.warn({ queryId, reason: errorMessage(error) }, 'the answer to a statement was lost, asking for its fate')
      await settleFate({ queryId, ask, clock, cause: error, ...options.fate })
    }
  }
  return {
    exec(query) {
      const [queryId, { sql, params }] = [nextId('exec'), asQuery(query)]
      return guard(() => change(queryId, () => send(client, { query: sql, query_id: queryId, ...bound(params) })))
    },
    rows<T>(query: Query | string) {
      return guard(async () => parseRows<T>(await read(client, asQuery(query), 'JSONEachRow', nextId('rows'))))
    },
    bytes: (query, format) => guard(() => read(client, asQuery(query), format, nextId('bytes'))),
    insertAvro({ sql, structure, body, queryId }) {
      const id = nextId(queryId)
      const query = `${sql.replace('{source}', () => `input(${quote(structure)})`)} FORMAT Avro`
      return guard(() =>
        change(id, () => send(client, { query, query_id: id, values: Readable.from([Buffer.concat(body)]) })),
      )
    },
    async close() {
      open = false
      await Promise.allSettled(underWay)
      await client.close()
    },
  }
}

const bound = (params: SqlParams | undefined): { query_params?: Record<string, unknown> } =>
  params === undefined ? {} : { query_params: params }
const asQuery = (query: Query | string): Query => (typeof query === 'string' ? { sql: query } : query)

type Statement = Parameters<ClickHouseClient['exec']>[0]

/**
 * Sends a statement and reads the whole answer. The client would parse an error and lose half of its text, which the
 * sink needs to tell poison records from an unavailable store: so errors are read here, code and text as the server
 * wrote them.
 */
async function send(client: ClickHouseClient, statement: Statement): Promise<Uint8Array> {
  const {
    stream,
    http_status_code: status = 200,
    response_headers: headers,
  } = await client.exec({ ...statement, ignore_error_response: true })
  const answer = Buffer.concat((await stream.toArray()) as Buffer[])
  if (status < 400) return answer
  const text = answer.toString('utf8').trim()
  throw new StoreError(text, Number(headers['x-clickhouse-exception-code'] ?? engineCodeOf(text)))
}

async function read(
  client: ClickHouseClient,
  { sql, params }: Query,
  format: string,
  queryId: string,
): Promise<Uint8Array> {
  try {
    return await send(client, {
      query: `${sql}\nFORMAT ${format}`,
      query_id: queryId,
      ...bound(params),
      clickhouse_settings: { max_execution_time: QUERY_SECONDS },
    })
  } catch (error) {
    throw toStoreError(error)
  }
}

function connect(
  { url, user, password, requestTimeoutMs = 30_000 }: ServerOptions,
  database: string,
): ClickHouseClient {
  return createClient({
    url,
    username: user,
    password,
    database,
    application: 'playloop',
    // Errors are thrown; the caller that gives up logs them.
    log: { level: ClickHouseLogLevel.OFF },
    request_timeout: requestTimeoutMs,
    max_open_connections: 8,
    // Idle sockets are closed well before the server's keep_alive_timeout (10 s since 24.x, 3 s before), which could
    // otherwise close a socket at the moment it is used.
    keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    // Compression reduces answers to a fifth. Inserts are sent uncompressed: on a local network gzip costs more CPU
    // than the whole insert.
    compression: { response: true, request: false },
    clickhouse_settings: {
      ...DEFAULTS,
      // The HTTP status reports the outcome of the whole statement, not of its first bytes.
      wait_end_of_query: 1,
      // A statement whose connection is lost still runs to a definite end.
      cancel_http_readonly_queries_on_client_close: 0,
    },
  })
}

async function createDatabase(options: ServerOptions): Promise<void> {
  const client = connect(options, 'default')
  try {
    await send(client, {
      query: 'CREATE DATABASE IF NOT EXISTS {database:Identifier}',
      query_params: { database: options.database },
    })
  } catch (error) {
    throw fail('STORE_OPEN_FAILED', { place: options.url, reason: errorMessage(error) }, error)
  } finally {
    await client.close()
  }
}
