import { batch, effect, signal, untracked } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { judge, reachOf } from '../chart/effect.ts'
import { Interval } from '../chart/interval.tsx'
import { Region, Table } from '../chart/table.tsx'
import { openAddress } from '../shell/address.ts'
import type { Clocks, Overview, OverviewRow } from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { ask } from '../shell/feed.ts'
import { useMe } from '../shell/hooks.ts'
import { amount } from '../shell/format.ts'
import { None, Section, Skeleton } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { experimentRow, HEAD, headline } from './view.ts'

/** The page *Experiments*: which one waits for a decision, and how all of them stand. */
const REFRESH_MS = 10_000
const PAGE = 50
const STATES = [
  ['', 'all but archived'],
  ['running', 'running'],
  ['paused', 'paused'],
  ['draft', 'drafts'],
  ['stopped', 'stopped'],
  ['archived', 'archived'],
] as const

const address = openAddress({ clock: '', state: '', search: '', from: '0' })
const asking = createAsking(() => 2.5 * REFRESH_MS)
const answer = signal<Overview | undefined>()
const clocks = signal<Clocks | undefined>()

const listPath = (): string => {
  const asked = ['clock', 'state', 'search'].map((name) => [name, address.get(name)] as const)
  const chosen = asked.filter(([, value]) => value !== '').map(([name, value]) => [name, value])
  return `/v1/experiments/overview?${new URLSearchParams([...chosen, ['limit', String(PAGE)], ['offset', address.get('from')]])}`
}

async function load(): Promise<void> {
  const mark = asking.begin()
  const [{ data, failure }, heard] = await Promise.all([
    ask<Overview>(listPath(), { patience: 30_000 }),
    ask<Clocks>('/v1/clocks'),
  ])
  if (!asking.isLatest(mark)) return
  if (failure !== undefined) return asking.failed(failure)
  batch(() => {
    answer.value = data
    clocks.value = heard.data ?? clocks.value
    asking.answered()
  })
}

function Experiments() {
  const me = useMe()
  const field = useRef<HTMLInputElement>(null)
  const submit = (): void => address.go({ search: field.current?.value.trim() ?? '', from: '0' })
  const search = (
    <label>
      <span>Name, owner or tag</span>
      <input ref={field} id="search" type="search" defaultValue={address.get('search')} maxLength={200} />
    </label>
  )
  const [current, from] = [answer.value, Number(address.get('from'))]
  return (
    <Shell
      section="Experiments"
      address={address}
      standing={asking.shown}
      headline={current && headline(current, address.get('search'))}
      note={current === undefined ? '' : 'Verdicts rest on intervals that hold whenever somebody looks.'}
      search={{ label: 'Name, owner or tag', element: search, focus: field, submit }}
      filters={[
        { name: 'state', label: 'Show', options: STATES, choose: (state) => address.go({ state, from: '0' }) },
        {
          name: 'clock',
          label: 'Clock',
          options: [['', 'every clock'], ...(clocks.value?.clocks ?? []).map(({ clock }) => [clock, clock] as const)],
        },
      ]}
      footer={<a href={listPath()}>This list as JSON</a>}
    >
      <Section
        name="list"
        wide
        title="Experiments, running ones first"
        choice={
          me?.scopes.includes('write:experiments') === false ? (
            <span class="note">Signed in as {me.name}, you may look: a new one needs the scope write:experiments.</span>
          ) : (
            <a id="new" class="button" href="/draft">
              New experiment
            </a>
          )
        }
      >
        <Region id="list" label="List of experiments" class="tall">
          <List experiments={current?.experiments} />
        </Region>
        {current !== undefined && current.total > PAGE && <Pages from={from} total={current.total} />}
      </Section>
    </Shell>
  )
}

function List({ experiments }: { readonly experiments: readonly OverviewRow[] | undefined }) {
  if (experiments === undefined) return <Skeleton />
  const shown = experiments.filter(({ state }) => address.get('state') !== '' || state !== 'archived')
  if (shown.length === 0) return <None>None like this. “New experiment” begins one.</None>
  const reach = reachOf(
    shown.flatMap(({ primary }) => (primary === null || primary.relative === null ? [] : [primary.relative.interval])),
  )
  const picture = ({ primary }: OverviewRow): object | undefined =>
    primary === null || primary.relative === null ? undefined : (
      <Interval {...primary.relative} reach={reach} state={judge(primary.relative.interval, primary.better)} />
    )
  return <Table class="experiments" head={HEAD} rows={shown.map((each) => experimentRow(each, picture))} />
}

const Pages = ({ from, total }: { readonly from: number; readonly total: number }) => (
  <p class="note">
    {amount(from + 1)} to {amount(Math.min(total, from + PAGE))} of {amount(total)}{' '}
    {from > 0 && <a href={address.with({ from: String(Math.max(0, from - PAGE)) })}>those before</a>}{' '}
    {from + PAGE < total && <a href={address.with({ from: String(from + PAGE) })}>those after</a>}
  </p>
)

effect(() => {
  address.with({})
  untracked(() => void load())
})
setInterval(() => void load(), REFRESH_MS)
open(Experiments)
