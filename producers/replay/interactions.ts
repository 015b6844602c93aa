import { formatUuid, nameUuid } from '../../platform/ids.ts'
import { fail } from './errors.ts'
import { fingerprint, lineFile, requireFile } from './files.ts'
import { clockOf, type ReplayEvent, type ReplaySource } from './source.ts'

/** Line n gets the time n seconds after this: the file has an order, but no times. */
const FIRST_TIME = Date.UTC(2000, 0, 1)

/** A file of `user item` lines in order of time, as recommender benchmarks use them: each line is a play. Streamed. */
export async function openInteractions(path: string): Promise<ReplaySource> {
  await requireFile(path)
  const file = lineFile(path)
  const print = await fingerprint([path])
  async function* events(skip: number): AsyncGenerator<readonly ReplayEvent[]> {
    let line = 0
    for await (const chunk of file.chunks()) {
      const from = Math.max(0, skip - line)
      if (from < chunk.length)
        yield chunk.slice(from).map((text, i) => playEvent(text, path, print, line + from + i + 1))
      line += chunk.length
    }
  }
  return { kind: 'interactions', fingerprint: print, events, fraction: file.fraction }
}

function playEvent(text: string, path: string, print: string, line: number): ReplayEvent {
  const [, user, item] = /^(\S{1,200})[ \t](\S{1,200})$/.exec(text) ?? []
  if (user === undefined || item === undefined)
    throw fail('REPLAY_LINE_ODD', { path, line, form: "'user item'", text: text.slice(0, 100) })
  return {
    topic: 'viewer.actions',
    event: {
      // A user may play an item twice, so the line number identifies the event within this data set.
      event_id: formatUuid(nameUuid(`replay:interactions/${print}`, String(line))),
      clock: clockOf('interactions'),
      event_time: FIRST_TIME + line * 1_000,
      profile_id: `user-${user}`,
      action: 'play',
      title_id: `item-${item}`,
    },
  }
}
