import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SessionTotals } from '../../player/index.ts'

/** Ground truth of a session, with the ids its telemetry carries. */
export interface TracedSession {
  readonly session_id: string
  readonly instance: number
  readonly totals: SessionTotals
}

/**
 * Writes the ground truth of sessions to the file, one per line (NDJSON): other sessions in the file stay, the same
 * session is replaced. The file is replaced atomically.
 */
export async function writeTotals(path: string, sessions: readonly TracedSession[]): Promise<void> {
  const byId = new Map([...(await readTotals(path)), ...sessions].map((session) => [session.session_id, session]))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, [...byId.values()].map((session) => `${JSON.stringify(session)}\n`).join(''))
  await rename(`${path}.new`, path)
}

/** Recorded sessions; none if there is no file. */
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
