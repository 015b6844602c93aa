import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SessionTotals } from '../../player/index.ts'

/** What truly happened in a session, beside the names its telemetry carries. */
export interface TracedSession {
  readonly session_id: string
  readonly instance: number
  readonly totals: SessionTotals
}

/**
 * Writes the truth of sessions, one a line (NDJSON), into the file: sessions already there stay, the same session is
 * replaced. The file is replaced as a whole.
 */
export async function writeTotals(path: string, sessions: readonly TracedSession[]): Promise<void> {
  const byId = new Map([...(await readTotals(path)), ...sessions].map((session) => [session.session_id, session]))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, [...byId.values()].map((session) => `${JSON.stringify(session)}\n`).join(''))
  await rename(`${path}.new`, path)
}

/** Sessions on record; none when there is no file. */
export async function readTotals(path: string): Promise<TracedSession[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TracedSession)
}
