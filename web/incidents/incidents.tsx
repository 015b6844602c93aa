import { useRef } from 'preact/hooks'
import { Region, Table } from '../chart/table.tsx'
import { openAddress } from '../shell/address.ts'
import { createAsking } from '../shell/asking.ts'
import { clockOptions } from '../shell/choice.tsx'
import type { Key } from '../shell/keys.tsx'
import { Footer, None, Section, Skeleton } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { askIncidents, listPath, REFRESH_MS, type Action } from './asked.ts'
import { Detail } from './detail.tsx'
import { HEAD, headline, incidentRow, note } from './view.ts'

/** The page *Incidents*: what is wrong, why, who is affected, and who is handling it. */
const STATES = [
  ['all', 'all'],
  ['open', 'those that go on'],
  ['closed', 'those that ended'],
] as const

const address = openAddress({ clock: 'world', state: 'all', id: '' })
const asking = createAsking(() => 2.5 * REFRESH_MS)
const asked = askIncidents(address, asking)

function Incidents() {
  const press = useRef<(action: Action) => void>(() => undefined)
  const { answer, definitions, detail } = asked
  return (
    <Shell
      section="Incidents"
      address={address}
      standing={asking.shown}
      headline={answer.value && headline(answer.value, definitions.value, address.get('state') === 'all')}
      note={answer.value === undefined ? '' : note(answer.value)}
      filters={[
        { name: 'state', label: 'Show', options: STATES },
        { name: 'clock', label: 'Clock', options: clockOptions(asked.clocks.value?.clocks) },
      ]}
      keys={keysOf((action) => press.current(action))}
      footer={<Footer watermark={answer.value?.watermark} json={listPath(address)} what="This list" />}
    >
      <Section name="list" title="Incidents, those that go on first">
        <List />
      </Section>
      <Detail
        incident={detail.value}
        definitions={definitions.value}
        press={press}
        act={(action, by, forMs) => void asked.act(action, by, forMs)}
      />
    </Shell>
  )
}

const keysOf = (press: (action: Action) => void): readonly Key[] => [
  { key: 'j', does: 'the next incident', run: () => asked.move(1) },
  { key: 'k', does: 'the incident before', run: () => asked.move(-1) },
  { key: 'a', does: 'acknowledge the incident that is shown', run: () => press('acknowledge') },
  { key: 'm', does: 'mute it', run: () => press('mute') },
  { key: 'u', does: 'unmute it', run: () => press('unmute') },
]

function List() {
  const listed = asked.listed.value
  return (
    <div onClick={chooseHere}>
      <Region id="list" label="List of incidents">
        {asked.answer.value === undefined ? (
          <Skeleton />
        ) : listed.length === 0 ? (
          <None />
        ) : (
          <Table
            class="incidents"
            head={HEAD}
            rows={listed.map((each) => incidentRow(each, asked.definitions.value, address.with({ id: each.id })))}
            current={listed.findIndex(({ id }) => id === asked.chosen.value)}
          />
        )}
      </Region>
    </div>
  )
}

/** A click on a title shows the incident on this page; with a modifier key it is a normal link. */
function chooseHere(event: MouseEvent): void {
  const link = (event.target as Element).closest('a')
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  address.set('id', new URL(link.href).searchParams.get('id') ?? '')
}

open(Incidents)
