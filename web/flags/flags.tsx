import { useRef } from 'preact/hooks'
import { Region, Table } from '../chart/table.tsx'
import { openAddress } from '../shell/address.ts'
import { createAsking } from '../shell/asking.ts'
import { None, Section, Skeleton } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { askFlags, onePath, REFRESH_MS } from './asked.ts'
import { OneFlag } from './one.tsx'
import type { Flag } from './types.ts'
import { headline, LIST_HEAD, listHeadline, listRow, note } from './view.ts'

/** The page *Flags*: all of them, or one with its rules, who gets what, and its changes. */
const address = openAddress({ id: '', search: '', state: 'active', clock: 'live', attributes: '' })
const asking = createAsking(() => 2.5 * REFRESH_MS)
const asked = askFlags(address, asking)

const STATES = [
  ['active', 'served'],
  ['archived', 'archived'],
  ['', 'all'],
] as const

const Page = () => (address.get('id') === '' ? <List /> : <One />)

function List() {
  const field = useRef<HTMLInputElement>(null)
  const flags = asked.flags.value
  const search = (
    <label>
      <span>Name, owner or tag</span>
      <input ref={field} id="search" type="search" defaultValue={address.get('search')} maxLength={200} />
    </label>
  )
  return (
    <Shell
      section="Flags"
      address={address}
      standing={asking.shown}
      headline={flags && listHeadline(flags)}
      note={flags === undefined ? '' : 'A change reaches applications within a second.'}
      search={{
        ...{ label: 'Name, owner or tag', element: search, focus: field },
        submit: () => address.go({ search: field.current?.value.trim() ?? '' }),
      }}
      filters={[{ name: 'state', label: 'Show', options: STATES }]}
      footer={<a href="/v1/flags">All flags as JSON</a>}
    >
      <Section name="list" wide title="Flags">
        <Region id="list" label="List of flags" class="tall">
          {flags === undefined ? <Skeleton /> : <Rows flags={flags.filter(isWanted)} />}
        </Region>
      </Section>
    </Shell>
  )
}

const Rows = ({ flags }: { readonly flags: readonly Flag[] }) =>
  flags.length === 0 ? (
    <None>None like this. A flag is created by POST /v1/flags</None>
  ) : (
    <Table class="words" head={LIST_HEAD} rows={flags.map(listRow)} />
  )

function isWanted({ id, description, owner = '', tags = [], state }: Flag): boolean {
  const [search, wanted] = [address.get('search').toLowerCase(), address.get('state')]
  const text = [id, description, owner, ...tags].join(' ').toLowerCase()
  return (wanted === '' || state === wanted) && text.includes(search)
}

function One() {
  const flag = asked.flag.value
  return (
    <Shell
      section="Flags"
      address={address}
      standing={asking.shown}
      headline={flag && headline(flag, Date.now())}
      note={flag === undefined ? '' : note(flag)}
      filters={[
        {
          ...{ name: 'clock', label: 'Try it on' },
          options: (flag?.clocks ?? ['live']).map((name) => [name, name] as const),
        },
      ]}
      footer={
        <>
          <a href="/flags">All flags</a> <a href={onePath(address.get('id'))}>This flag as JSON</a>
        </>
      }
    >
      {flag !== undefined && <OneFlag address={address} asked={asked} flag={flag} />}
    </Shell>
  )
}

open(Page)
