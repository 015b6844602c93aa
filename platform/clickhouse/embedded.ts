import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Session, drainPending } from 'chdb'
import { replaceFile } from '../disk/replace-file.ts'
import { noReserve, type DiskReserve } from '../disk/reserve.ts'
import { errorMessage } from '../errors.ts'
import { endOnCrash } from './crashes.ts'
import { fail, toStoreError } from './errors.ts'
import { guardWrites } from './guarded.ts'
import { takesRoom, watchMerges } from './low-disk.ts'
import { createPool, type Pool } from './pool.ts'
import { parseRows } from './lines.ts'
import { quote, renderParams } from './params.ts'
import type { AvroInsert, Query, Store } from './port.ts'
import { EMBEDDED_DEFAULTS, embeddedConfig, QUERY_SECONDS } from './settings.ts'
import { openSpool } from './spool.ts'
import { mendTokenLogs } from './token-logs.ts'

export interface EmbeddedOptions {
  /** Folder of the engine; created if missing. */
  readonly dataDir: string
  readonly database: string
  /** Room to keep free on the folder's disk; none by default. */
  readonly reserve?: DiskReserve
}

/**
 * Connection pools of one store. A connection runs one statement at a time; separate pools keep a long report from
 * blocking inserts.
 */
interface Pools {
  readonly inserts: Pool<Session>
  readonly commands: Pool<Session>
  readonly queries: Pool<Session>
}

/**
 * Number of statements of each kind that run at once. Each takes a thread of libuv's pool: see README.md for its size.
 */
const WIDTH = { inserts: 2, commands: 1, queries: 2 }

/** Opens the whole ClickHouse engine in this process (chdb). Only one process may use a folder. */
export async function openEmbedded({ dataDir, database, reserve = noReserve }: EmbeddedOptions): Promise<Store> {
  const sessions = openSessions(dataDir, database, reserve.bytes)
  endOnCrash()
  const spool = openSpool(dataDir)
  const pools: Pools = {
    inserts: createPool(sessions.inserts),
    commands: createPool(sessions.commands),
    queries: createPool(sessions.queries),
  }
  const guard = guardWrites(pools.queries, runStatement, reserve)
  let closing: Promise<void> | undefined
  const run = (pool: Pool<Session>, sql: string, format = 'Null'): Promise<Uint8Array> => {
    if (closing !== undefined) return Promise.reject(fail('STORE_CLOSED'))
    return pool.run((session) => {
      if (!takesRoom(sql)) return runStatement(session, sql, format)
      // Asked at the last moment: the statement may have waited for a connection.
      reserve.check()
      return guard.run(session, sql, format)
    })
  }
  const unwatch = watchMerges(reserve, (sql) => run(pools.queries, sql))
  const insert = async ({ sql, structure, body }: AvroInsert): Promise<void> => {
    reserve.check()
    const path = spool.write(body)
    try {
      await run(
        pools.inserts,
        sql.replace('{source}', () => `file(${quote(path)}, 'Avro', ${quote(structure)})`),
      )
    } finally {
      spool.remove(path)
    }
  }
  const close = async (): Promise<void> => {
    unwatch()
    await guard.close()
    await Promise.all(Object.values(pools).map((pool: Pool<Session>) => pool.drained()))
    for (const session of Object.values(sessions).flat()) session.close()
    // Closing a connection while its statement runs would abort the engine for the whole process.
    await drainPending()
    spool.close()
  }
  return {
    async exec(query) {
      await run(pools.commands, text(query))
    },
    async rows<T>(query: Query | string) {
      return parseRows<T>(await run(pools.queries, text(query), 'JSONEachRow'))
    },
    async bytes(query, format) {
      return run(pools.queries, text(query), format)
    },
    async insertAvro(avro) {
      if (closing !== undefined) throw fail('STORE_CLOSED')
      await insert(avro)
    },
    refusal: () => reserve.refusal() ?? guard.refusal(),
    beyondRepair: guard.beyondRepair,
    close: () => (closing ??= close()),
  }
}

const text = (query: Query | string): string => (typeof query === 'string' ? query : renderParams(query))

async function runStatement(session: Session, sql: string, format: string): Promise<Uint8Array> {
  try {
    return (await session.queryAsync(sql, { format })).bytes()
  } catch (error) {
    throw toStoreError(error)
  }
}

type Sessions = Record<keyof Pools, Session[]>

function openSessions(dataDir: string, database: string, reserveBytes: number): Sessions {
  mkdirSync(dataDir, { recursive: true })
  const config = join(dataDir, 'playloop-engine.xml')
  replaceFile(config, embeddedConfig(reserveBytes))
  mendTokenLogs(dataDir)
  const settings = Object.entries(EMBEDDED_DEFAULTS).map(([name, value]) => `--${name}=${value}`)
  const opened: Session[] = []
  const open = (count: number, ...more: string[]): Session[] =>
    Array.from({ length: count }, () => {
      const session = new Session(resolve(dataDir), {
        connectionArgs: [`--config-file=${config}`, ...settings, ...more],
      })
      opened.push(session)
      session.query(`CREATE DATABASE IF NOT EXISTS ${quoteName(database)}`)
      session.query(`USE ${quoteName(database)}`)
      return session
    })
  try {
    return {
      inserts: open(WIDTH.inserts),
      commands: open(WIDTH.commands),
      queries: open(WIDTH.queries, `--max_execution_time=${QUERY_SECONDS}`),
    }
  } catch (error) {
    for (const session of opened) session.close()
    throw openError(error, dataDir)
  }
}

function openError(error: unknown, dataDir: string): Error {
  const pid = holder(dataDir)
  if (pid !== undefined) return fail('STORE_LOCKED', { path: dataDir, pid }, error)
  return fail('STORE_OPEN_FAILED', { place: dataDir, reason: errorMessage(error) }, error)
}

/** The running process named in the engine's lock file. chdb itself only reports that it could not open. */
function holder(dataDir: string): number | undefined {
  try {
    const pid = Number(/^PID: (\d+)/m.exec(readFileSync(join(dataDir, 'status'), 'utf8'))?.[1])
    if (pid === process.pid) return undefined
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, '\\$&')}\``
