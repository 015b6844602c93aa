import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manualClock } from '../../platform/clock.ts'
import { MINUTE_MS } from '../../platform/time.ts'
import { catalogue } from './catalogue.ts'
import type { Emit, EventOf, Topic } from './events.ts'
import { readMovies } from './movies.ts'
import { OCAS } from './ocas.ts'
import { pace } from './pace.ts'
import { Population, type Household } from './population.ts'
import type { Ports } from './ports.ts'
import type { WorldOptions } from './scene.ts'
import { World } from './world.ts'

const movies = readMovies()
const LIVE_FROM = Date.UTC(2026, 10, 20, 20)
type Events = { [T in Topic]: EventOf<T>[] }

function worldWith(more: Partial<WorldOptions>): { world: World; events: Events } {
  const events: Record<string, unknown[]> = {}
  const emit: Emit = (topic, event) => void (events[topic] ??= []).push(event)
  const load = { backfillDays: 0, liveSessionsPerSecond: 0.05, rushMs: MINUTE_MS, scenario: [] }
  const world = new World({ seed: 7, movies, liveFrom: LIVE_FROM, ...load, ...more }, emit)
  return { world, events: events as Events }
}
/** Ten minutes of a world in which somebody else answers. */
function lived(ports: Partial<Ports>, more: Partial<WorldOptions> = {}): Events {
  const { world, events } = worldWith({ ...more, ports })
  world.runUntil(LIVE_FROM + 10 * MINUTE_MS)
  assert.ok(world.counts.sessions > 50, `${world.counts.sessions} sessions`)
  return events
}
const values = <T, V>(events: readonly T[], pick: (event: T) => V): V[] => [...new Set(events.map(pick))]
const ONE_OCA: Ports['steering'] = {
  rank: () => ({
    ranked: [{ oca: OCAS[0]!.name, pathway: OCAS[0]!.site, score: 1, reason: 'route' }],
    best: OCAS[0]!.name,
    missClass: '',
    versions: { inventory: 'i-9', model: 'm-9', rule: 'r-9' },
  }),
}

describe('the world follows', () => {
  it('a catalogue: it offers its films, and no others', () => {
    const films = catalogue(movies.slice(0, 300)).map((film) => ({ ...film, id: `content-${film.index}` }))
    const events = lived({}, { films })
    assert.equal(events['catalog.titles'].length, 300)
    for (const { title_id } of events['playback.telemetry']) assert.match(title_id ?? '', /^content-\d+$/)
  })

  it('people: those who come are those that it names', () => {
    const own = new Population(1_000, worldWith({}).world.scene.random)
    const signedUp = (household: Household): Household => ({
      ...household,
      id: `account-${household.number}`,
      profiles: household.profiles.map((profile, i) => ({ ...profile, id: `account-${household.number}/${i}` })),
    })
    const events = lived({ people: { draw: (country, random) => signedUp(own.draw(country, random)) } })
    for (const { profile_id, household_id } of events['playback.telemetry']) {
      assert.match(household_id ?? '', /^account-\d+$/)
      assert.match(profile_id ?? '', /^account-\d+\/\d$/)
    }
  })

  it('steering: players stream from the appliance that it answers', () => {
    const events = lived({ steering: ONE_OCA })
    assert.deepEqual(
      values(events['playback.telemetry'], ({ oca }) => oca).filter((oca) => oca !== ''),
      [OCAS[0]!.name],
    )
    assert.deepEqual(
      values(events['delivery.decisions'], ({ ocas, inventory_version: inventory, model_version: model }) =>
        [ocas, inventory, model].join(),
      ),
      [`${OCAS[0]!.name},i-9,m-9`],
    )
  })

  it('an inventory: what appliances hold is what they report, and where is streamed from', () => {
    const holdings = { version: 'plan-5', holds: ({ model }: { model: string }) => model === 'global' }
    const events = lived({ inventory: { holdings: () => holdings } }, { backfillDays: 1, sessionsPerDay: 100 })
    const models = new Map(OCAS.map(({ name, model }) => [name, model]))
    for (const { ocas } of events['delivery.decisions'])
      assert.deepEqual(
        values(ocas ?? [], (oca) => models.get(oca)),
        ['global'],
      )
    const reports = events['oca.reports'].filter(({ kind }) => kind === 'inventory')
    assert.deepEqual(
      values(reports, (report) => [report.model, report.files_total! > 0, report.inventory_version].join()).sort(),
      ['flash,false,plan-5', 'global,true,plan-5', 'storage,false,plan-5'],
    )
  })

  it('a page: viewers choose from what it shows, and search finds what it finds', () => {
    const events = lived({
      pages: {
        home: () => ({
          slots: [{ titleId: 'film-0007', row: 'only', rowIndex: 5, position: 9, propensity: 0.25 }],
          modelVersion: 'm-1',
          ruleVersion: 'r-1',
        }),
        search: () => ({ titleIds: ['film-0008'], modelVersion: 's-1' }),
      },
    })
    const plays = events['viewer.actions'].filter(({ action }) => action === 'play')
    assert.deepEqual(values(plays, ({ page, row, title_id: title }) => [page, row, title].join()).sort(), [
      'home,only,film-0007',
      'search,results,film-0008',
    ])
    const shown = events['viewer.actions'].filter(({ action }) => action === 'impression')
    assert.deepEqual(
      values(shown, (each) => [each.row_index, each.position, each.propensity, each.model_version].join()),
      ['5,9,0.25,m-1'],
    )
  })

  it('a page that shows nothing it knows: nobody plays, and everybody may come again', () => {
    const slot = { titleId: 'gone', row: 'only', rowIndex: 0, position: 0, propensity: 1 }
    const { world, events } = worldWith({
      households: 12,
      ports: {
        pages: {
          home: () => ({ slots: [slot], modelVersion: '', ruleVersion: '' }),
          search: () => ({ titleIds: [], modelVersion: 's-1' }),
        },
      },
    })
    world.runUntil(LIVE_FROM + 60 * MINUTE_MS)
    assert.deepEqual([world.counts.sessions, values(events['viewer.actions'], ({ action }) => action)], [0, ['search']])
    assert.ok(events['viewer.actions'].length > 5)
  })
})

describe('an answer that takes its time', () => {
  it('holds up the world after a second of its time, and it goes on with the answer', async () => {
    const { world } = worldWith({})
    const { steering } = world.scene
    const answers: (() => void)[] = []
    const slow = worldWith({
      ports: {
        steering: {
          rank: (request) => new Promise((answer) => answers.push(() => answer(steering.rank(request)))),
        },
      },
    })
    const [clock, stop] = [manualClock(0), new AbortController()]
    const outlet = { open: true, ready: async () => {} }
    const done = pace(slow.world, outlet, {
      clock,
      speed: Infinity,
      liveFrom: LIVE_FROM,
      signal: stop.signal,
    })
    const turns = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        clock.advance(1)
        await new Promise(setImmediate)
      }
    }
    await turns(50)
    const { now, heldAt } = slow.world
    assert.ok(answers.length > 0 && now <= heldAt && now > LIVE_FROM)
    await turns(50)
    assert.deepEqual([slow.world.now, slow.world.counts.sessions], [now, 0])
    for (let i = 0; i < 50; i++) {
      for (const answer of answers.splice(0)) answer()
      await turns(5)
    }
    assert.ok(slow.world.now > now && slow.world.counts.sessions > 10, `${slow.world.counts.sessions} sessions`)
    stop.abort()
    await turns(50)
    await done
  })

  it('ends the world when it is a failure', async () => {
    const { world } = worldWith({ ports: { steering: { rank: () => Promise.reject(new Error('steering is away')) } } })
    while (world.heldAt === Infinity) world.step()
    await world.answered()
    assert.throws(() => world.step(), /steering is away/)
  })
})
