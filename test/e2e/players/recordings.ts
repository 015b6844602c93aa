import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Recording } from './play.ts'

/** Playbacks as they were recorded once, so that their telemetry can be judged without a browser. */
const KEPT = path.join(import.meta.dirname, '../../fixtures/cmcd-players')
/** Where playbacks of now are left: `RECORDINGS=test/fixtures/cmcd-players` takes them as the kept ones. */
const TAKEN = process.env['RECORDINGS'] ?? path.join(import.meta.dirname, '../../../.playloop/cmcd-players')

const fileOf = (folder: string, player: string, scenario: string): string =>
  path.join(folder, `${player}-${scenario}.json`)

export const kept = (player: string, scenario: string): Recording =>
  JSON.parse(readFileSync(fileOf(KEPT, player, scenario), 'utf8')) as Recording

export function keep(recording: Recording): void {
  mkdirSync(TAKEN, { recursive: true })
  writeFileSync(fileOf(TAKEN, recording.player, recording.scenario), `${JSON.stringify(recording, undefined, 1)}\n`)
}

/**
 * Lines of a recording as another session of another time, with nothing else changed: `later` is added to each time.
 */
export const linesOf = ({ session_id: own, bodies }: Recording, session: string, later: number): string[] =>
  bodies
    .flatMap((body) => body.split('\n'))
    .filter((line) => line !== '')
    .map((line) =>
      line.replaceAll(own, session).replace(/(?<![^,])ts=(\d+)/, (_, time: string) => `ts=${Number(time) + later}`),
    )
