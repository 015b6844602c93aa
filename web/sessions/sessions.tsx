import { useRef, useState } from 'preact/hooks'
import { Region, Table } from '../chart/table.tsx'
import { openAddress } from '../shell/address.ts'
import type { Definition, ErrorsAnswer } from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { clockOptions, type Choice, type Option } from '../shell/choice.tsx'
import { filtersOf } from '../shell/filters.ts'
import { amount, clockTime, fullTime } from '../shell/format.ts'
import { Footer, None, Section, Skeleton } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { HOW_TO_FILL } from '../shell/words.ts'
import { askSessions, type Answer } from './asked.ts'
import { DEFAULTS, listPath, ORDERS, RANGES } from './question.ts'
import { Search } from './search.tsx'
import { completeWords, HEAD, headline, note, numberOf, sessionRow, sumRows } from './view.ts'

/** The page *Sessions*: a number, the sessions behind it, and their sum, which equals the number. */
const address = openAddress(DEFAULTS)
const asking = createAsking()
const asked = askSessions(address, asking)

const SUMS_HEAD = ['what', 'value', 'low to high', 'numerator', 'denominator', 'sessions']
/** A range ends at the current time and replaces a freely chosen period. */
const RANGE: Choice = {
  name: 'range',
  label: 'Range',
  options: RANGES.map(([value, text]): Option => [value, text]),
  choose: (range) => address.go({ range, from: '', to: '' }),
}

function Sessions() {
  const [by, setBy] = useState('profile_id')
  const field = useRef<HTMLInputElement>(null)
  const { definitions, watermark } = asked
  const answer = asked.answer.value
  const metric = definitions.value?.metrics.find(({ id }) => id === address.get('metric'))
  const submit = (): void => {
    const filter = `${by}:${field.current?.value.trim() ?? ''}`
    field.current!.value = ''
    address.set('filter', [...new Set([...address.all('filter'), filter])])
  }
  const search = (
    <Search
      {...{ address, by, setBy, field }}
      period={answer?.list}
      dimensions={definitions.value?.dimensions ?? []}
      watermark={watermark.value}
    />
  )
  return (
    <Shell
      section="Sessions"
      address={address}
      standing={asking.shown}
      headline={answer && metric && headline(metric, answer.number, answer.list, filtersOf(address.all('filter')))}
      note={answer && metric ? noteOf(metric, answer) : ''}
      search={{ label: 'Look for', element: search, focus: field, submit }}
      filters={filtersShown()}
      bar={[RANGE]}
      footer={<Footer watermark={answer?.list.watermark} json={listPath(address, watermark.value)} what="This list" />}
    >
      <Section name="sums" title="The number, and the sum of its sessions">
        <Region id="sums" label="The number and the sum of the list">
          <Table
            class="words"
            head={SUMS_HEAD}
            rows={answer && metric ? sumRows(metric, answer.number, answer.list, asked.shown.value) : []}
          />
        </Region>
        <p class="note">
          {answer && answer.list.sessions.length > 0 ? completeWords(numberOf(answer.number)?.row) : ''}
        </p>
      </Section>
      <List answer={answer} />
      <Section name="errors" wide title="Errors that sessions begun in the period reported">
        <Region id="errors" label="List of errors">
          <Errors errors={answer?.errors ?? []} />
        </Region>
      </Section>
    </Shell>
  )
}

function noteOf(metric: Definition, { number, list }: Answer): string {
  if (list.watermark === null) return `What fills it: ${HOW_TO_FILL}`
  return list.sessions.length === 0
    ? 'A longer range, or fewer filters, may show some.'
    : note(metric, number.answers[0]?.time ?? '')
}

const filtersShown = (): readonly Choice[] => [
  {
    name: 'metric',
    label: 'Number',
    options: (asked.definitions.value?.metrics ?? [])
      .filter(
        ({ id, time, replaced_by: current }) =>
          time !== 'moment' && (current === undefined || id === address.get('metric')),
      )
      .map(({ id, title }) => [id, `${title} (${id.slice(id.indexOf(':') + 1)})`] as const),
  },
  {
    name: 'time',
    label: 'Sessions counted',
    options: [
      ['', 'as the number says'],
      ['open', 'open in the period'],
    ],
  },
  { name: 'order', label: 'First', options: ORDERS },
  { name: 'clock', label: 'Clock', options: clockOptions(asked.clocks.value?.clocks) },
]

function List({ answer }: { readonly answer: Answer | undefined }) {
  const shown = asked.shown.value
  const all = answer?.list.sums?.sessions ?? 0
  return (
    <Section name="list" wide title="Sessions">
      <Region id="list" label="List of sessions" class="tall">
        {answer === undefined ? (
          <Skeleton />
        ) : shown.length === 0 ? (
          <None />
        ) : (
          <Table class="places" head={HEAD} rows={shown.map((each) => sessionRow(address.get('clock'), each))} />
        )}
      </Region>
      <button
        type="button"
        id="more"
        hidden={asked.next.value === null || shown.length >= all}
        onClick={() => void asked.more()}
      >
        Show more of {amount(all)}
      </button>
    </Section>
  )
}

function Errors({ errors }: Pick<ErrorsAnswer, 'errors'>) {
  if (errors.length === 0) return <None />
  const others = address.all('filter').filter((each) => !each.startsWith('error_code:'))
  return (
    <Table
      head={['code', 'kind', 'sessions', 'devices', 'last']}
      rows={errors.map(({ code, kind, sessions, devices, last }) => [
        { text: code, href: address.with({ filter: [...others, `error_code:${code}`] }) },
        kind,
        amount(sessions),
        devices.filter((each) => each !== '').join(', '),
        { text: clockTime(last), title: fullTime(last) },
      ])}
    />
  )
}

open(Sessions)
