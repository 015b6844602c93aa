import { quote } from './params.ts'
import { StoreError } from './port.ts'

/** Entry of system.processes or system.query_log, with the columns that outcome queries read. */
interface Statement {
  state: 'QueryStart' | 'QueryFinish' | 'ExceptionWhileProcessing'
  code: number
  message: string
}

/** Number of statements kept, oldest removed first: the embedded engine has no log of its own. */
const KEPT = 1_000

export interface StatementTable {
  track<T>(queryId: string, work: () => Promise<T>): Promise<T>
  /** Returns the statement with the two system tables replaced by the entries of this table. */
  answerFor(sql: string): string
}

export function createStatementTable(): StatementTable {
  const statements = new Map<string, Statement>()
  return {
    async track(queryId, work) {
      if (statements.get(queryId)?.state === 'QueryStart')
        throw new StoreError(
          `Code: 216. DB::Exception: Query with id = ${queryId} is already running. (QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING)`,
          216,
        )
      const statement: Statement = { state: 'QueryStart', code: 0, message: '' }
      statements.set(queryId, statement)
      if (statements.size > KEPT) statements.delete(statements.keys().next().value ?? '')
      try {
        const result = await work()
        statement.state = 'QueryFinish'
        return result
      } catch (error) {
        const { engineCode, message } = error instanceof StoreError ? error : new StoreError(String(error), 0)
        Object.assign(statement, { state: 'ExceptionWhileProcessing', code: engineCode, message })
        throw error
      }
    },
    answerFor(sql) {
      if (!sql.includes('system.processes') && !sql.includes('system.query_log')) return sql
      const entries = [...statements]
      const running = entries.filter(([, { state }]) => state === 'QueryStart').map(([id]) => `(${quote(id)})`)
      const log = entries
        .filter(([, { state }]) => state !== 'QueryStart')
        .map(([id, { state, code, message }]) => `(${quote(id)}, ${quote(state)}, ${code}, ${quote(message)})`)
      return sql
        .replace('system.processes', () => table('query_id String', running))
        .replace(
          'system.query_log',
          () =>
            `(SELECT *, today() AS event_date, now64(6) AS event_time_microseconds FROM ${table('query_id String, type String, exception_code Int32, exception String', log)})`,
        )
    },
  }
}

const table = (structure: string, rows: readonly string[]): string =>
  rows.length === 0 ? `null(${quote(structure)})` : `values(${quote(structure)}, ${rows.join(', ')})`
