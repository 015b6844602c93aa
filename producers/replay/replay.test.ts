import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { RoleContext } from '../../platform/role.ts'
import { journalTopics } from '../../platform/journal/journal.ts'
import { collector, type Harness } from '../collector/harness.ts'
import { runReplay, type ReplayOptions, type ReplaySummary } from './main.ts'

const dirs: string[] = []
after(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true }))))

async function folder(files: Record<string, string | Buffer> = {}): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'playloop-replay-'))
  dirs.push(dir)
  await Promise.all(Object.entries(files).map(([name, body]) => writeFile(join(dir, name), body)))
  return dir
}

/** A data folder of its own and the real collector over a log in memory. */
async function setting(change: Parameters<typeof collector>[0] = {}) {
  const harness: Harness = await collector({ maxBodyBytes: 1_000_000, maxInflatedBytes: 4_000_000, ...change })
  const url = await harness.app.listen({ port: 0, host: '127.0.0.1' })
  const dataDir = await folder()
  const context: RoleContext = {
    config: { ...readConfig({}), dataDir },
    clock: systemClock,
    logger: silentLogger,
    metrics: openMetrics(),
  }
  const replay = (source: string, from: string, more: Partial<ReplayOptions> = {}): Promise<ReplaySummary> =>
    runReplay(context, { source, from, collectorUrl: url, ...more })
  return { ...harness, dataDir, replay }
}

const USERS = '1::F::1::10::48067\n2::M::56::16::70072\n'
const FILMS = Buffer.from(
  "1::Toy Story (1995)::Animation|Children's|Comedy\n2::Contender, The (2000)::Drama\n3::Associé (L'Associé)(1982)::Comedy\n",
  'latin1',
)
const TABLE = 'user\tmovie\tts\texact\trating\n1\t1\t956703932\t1\t4\n1\t2\t956703954\t0\t\n2\t1\t956703954\t1\t5\n'
const movielens = (rows = gzipSync(TABLE)): Promise<string> =>
  folder({ 'users.dat': USERS, 'movies.dat': FILMS, 'events.tsv.gz': rows })

describe('replay movielens', () => {
  it('sends catalogue and ratings as they are', async () => {
    const { replay, stored } = await setting()
    const { accepted, done, settled, rejected } = await replay('movielens', await movielens())
    assert.deepEqual({ accepted, done, settled, rejected }, { accepted: 6, done: true, settled: 6, rejected: {} })
    assert.deepEqual(
      stored('catalog.titles').map(({ title_id, name, year, genres }) => ({
        title_id,
        name,
        year,
        genres: [...(genres as string[])],
      })),
      [
        { title_id: 'ml-1', name: 'Toy Story', year: 1995, genres: ['Animation', "Children's", 'Comedy'] },
        { title_id: 'ml-2', name: 'The Contender', year: 2000, genres: ['Drama'] },
        { title_id: 'ml-3', name: "Associé (L'Associé)", year: 1982, genres: ['Comedy'] },
      ],
    )
    const f = { sex: 'F', age: 'under 18', occupation: 'K-12 student' }
    const m = { sex: 'M', age: '56+', occupation: 'self-employed' }
    assert.deepEqual(
      stored('viewer.actions').map(({ clock, event_time, profile_id, title_id, action, rating_centi, attributes }) => [
        clock,
        event_time,
        profile_id,
        title_id,
        action,
        rating_centi,
        { ...(attributes as object) },
      ]),
      [
        ['replay:movielens', 956_703_932_000, 'ml-1', 'ml-1', 'rating', 400, f],
        ['replay:movielens', 956_703_954_000, 'ml-1', 'ml-2', 'rating', null, f],
        ['replay:movielens', 956_703_954_000, 'ml-2', 'ml-1', 'rating', 500, m],
      ],
    )
  })

  it('takes ratings.dat as it is published, and puts it in order of time', async () => {
    const { replay, stored } = await setting()
    const from = await folder({
      'users.dat': USERS,
      'movies.dat': FILMS,
      'ratings.dat': '1::2::3::978302109\n1::1::5::978300760\n2::1::4::978300760\n',
    })
    await replay('movielens', from)
    assert.deepEqual(
      stored('viewer.actions').map(({ profile_id, title_id, rating_centi }) => [profile_id, title_id, rating_centi]),
      [
        ['ml-1', 'ml-1', 500],
        ['ml-2', 'ml-1', 400],
        ['ml-1', 'ml-2', 300],
      ],
    )
  })

  it('a second run is all duplicates', async () => {
    const { replay, stored } = await setting()
    const from = await movielens()
    await replay('movielens', from)
    const { accepted, duplicates, resumedAt } = await replay('movielens', from)
    assert.deepEqual({ accepted, duplicates, resumedAt }, { accepted: 0, duplicates: 6, resumedAt: 0 })
    assert.equal(stored('viewer.actions').length, 3)
  })

  it('says which file is missing or odd, and where', async () => {
    const { replay } = await setting()
    const whole = await movielens()
    const without = async (name: string): Promise<string> => {
      const copy = await folder()
      await cp(whole, copy, { recursive: true })
      await rm(join(copy, name))
      return copy
    }
    await assert.rejects(replay('movielens', '/nowhere'), { code: 'REPLAY_FILE_MISSING', message: /ratings\.dat/ })
    await assert.rejects(replay('movielens', await without('users.dat')), {
      code: 'REPLAY_FILE_MISSING',
      message: /users\.dat/,
    })
    const odd = async (files: Record<string, string | Buffer>): Promise<string> =>
      folder({ 'users.dat': USERS, 'movies.dat': FILMS, 'events.tsv': TABLE, ...files })
    const faults: [Record<string, string | Buffer>, string, RegExp][] = [
      [{ 'users.dat': `${USERS}3::X::1::1::0\n` }, 'REPLAY_LINE_ODD', /users\.dat line 3/],
      [{ 'movies.dat': `${FILMS.toString('latin1')}4::No year::Drama\n` }, 'REPLAY_LINE_ODD', /movies\.dat line 4/],
      [{ 'events.tsv': 'a\tb\n1\t2\n' }, 'REPLAY_FILE_ODD', /first line is 'a\tb'/],
      [{ 'events.tsv': `${TABLE}2\tx\t956703954\t1\t5\n` }, 'REPLAY_LINE_ODD', /events\.tsv line 5/],
      [{ 'events.tsv': `${TABLE}2\t2\t956703954\t1\t9\n` }, 'REPLAY_LINE_ODD', /line 5/],
      [{ 'events.tsv.gz': gzipSync(TABLE).subarray(0, 40) }, 'REPLAY_FILE_ODD', /unexpected end of file/],
    ]
    for (const [files, code, message] of faults)
      await assert.rejects(replay('movielens', await odd(files)), { code, message })
  })
})

describe('replay interactions', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, i) => `${(i % 7) + 1} ${(i % 13) + 1}\n`).join('')

  it('each line is a play, in order', async () => {
    const { replay, stored } = await setting()
    await replay('interactions', join(await folder({ 'a.txt': '1 5\n1 6\n2 5' }), 'a.txt'))
    assert.deepEqual(
      stored('viewer.actions').map(({ profile_id, title_id, action, event_time }) => [
        profile_id,
        title_id,
        action,
        event_time,
      ]),
      [
        ['user-1', 'item-5', 'play', 946_684_801_000],
        ['user-1', 'item-6', 'play', 946_684_802_000],
        ['user-2', 'item-5', 'play', 946_684_803_000],
      ],
    )
  })

  it('goes on where it was stopped: nothing lost, nothing twice', async () => {
    const { replay, log, dataDir } = await setting({ duplicateCacheSize: 0 })
    const from = join(await folder({ 'a.txt.gz': gzipSync(lines(9_000)) }), 'a.txt.gz')
    let runs = 0
    for (let done = false; !done; runs++) {
      const stop = new AbortController()
      const timer = setTimeout(() => stop.abort(), 60)
      const run = await replay('interactions', from, { signal: stop.signal })
      clearTimeout(timer)
      ;({ done } = run)
    }
    assert.ok(runs > 1, 'it was stopped at least once')
    // After the wire header of 5 bytes the id is the first field.
    const ids = log.records('viewer.actions').map(({ value }) => value.toString('hex', 5, 21))
    assert.equal(new Set(ids).size, 9_000)
    assert.ok((await journalTopics(join(dataDir, 'journal', 'interactions'))).get('viewer.actions')! >= 9_000)
  })

  it('stops after --limit, and a later run begins anew', async () => {
    const { replay } = await setting()
    const from = join(await folder({ 'a.txt': lines(500) }), 'a.txt')
    assert.equal((await replay('interactions', from, { limit: 120 })).settled, 120)
    const all = await replay('interactions', from)
    assert.deepEqual([all.settled, all.accepted, all.duplicates], [500, 380, 120])
  })

  it('keeps the pace it is told', async () => {
    const { replay } = await setting()
    const from = join(await folder({ 'a.txt': lines(5) }), 'a.txt')
    const { seconds } = await replay('interactions', from, { speed: '10' })
    assert.ok(seconds >= 0.4 && seconds < 2, `${seconds} s for 4 s of data at 10 x`)
    for (const speed of ['', 'fast', -1])
      await assert.rejects(replay('interactions', from, { speed }), { code: 'REPLAY_SPEED_INVALID' })
  })

  it('ends with the reason when whole requests are refused, and the place before them stays', async () => {
    const { replay, dataDir } = await setting({ ingestKeys: ['secret'] })
    const from = join(await folder({ 'a.txt': lines(500) }), 'a.txt')
    await assert.rejects(replay('interactions', from), { code: 'CLIENT_REFUSED', message: /401/ })
    await assert.rejects(readFile(join(dataDir, 'replay', 'interactions.json')), { code: 'ENOENT' })
    assert.equal((await replay('interactions', from, { ingestKey: 'secret' })).accepted, 500)
  })

  it('reports on a terminal and on paper, and lets one run at a time', async () => {
    const { replay } = await setting()
    const from = join(await folder({ 'a.txt': lines(500) }), 'a.txt')
    const [bar, plain]: [string[], string[]] = [[], []]
    const first = replay('interactions', from, { terminal: true, print: (text) => bar.push(text) })
    await assert.rejects(replay('interactions', from), { code: 'REPLAY_BUSY' })
    await first
    await replay('interactions', from, { print: (text) => plain.push(text) })
    assert.match(bar.at(-1)!, /^\rreplay interactions \[#{24}\] 100 %  500 events/)
    assert.match(plain.at(-1)!, /^replay interactions 100 %  500 events  [\d,]+\/s\n$/)
    await assert.rejects(replay('cmcd', from), { code: 'REPLAY_KIND_UNKNOWN' })
    await assert.rejects(replay('interactions', join(await folder({ 'b.txt': '1 2\n1,3\n' }), 'b.txt')), {
      code: 'REPLAY_LINE_ODD',
      message: /line 2/,
    })
  })
})
