import { useRef, useState } from 'preact/hooks'
import type { Address } from '../shell/address.ts'
import type { MetricsAnswer } from '../shell/answers.ts'
import { Select, type Option } from '../shell/choice.tsx'
import { ask } from '../shell/feed.ts'
import { valuesPath, type View } from './question.ts'

export interface FiltersProps {
  readonly address: Address
  readonly view: View | undefined
  readonly dimensions: readonly string[]
}

/** Active filters, each a button that removes it, and two fields to add one. */
export function Filters({ address, view, dimensions }: FiltersProps) {
  const [name, setName] = useState('')
  const [values, setValues] = useState<readonly Option[]>([])
  const field = useRef<HTMLInputElement>(null)
  const add = (): void => {
    if (name === '' || field.current === null) return
    address.set('filter', [...new Set([...address.all('filter'), `${name}:${field.current.value.trim()}`])])
    field.current.value = ''
  }
  // Values are loaded only when the user is about to choose one.
  const suggest = async (): Promise<void> => {
    if (name === '' || view === undefined) return
    const { data } = await ask<MetricsAnswer>(valuesPath(view, name))
    if (data !== undefined) setValues(valuesOf(data, name))
  }
  return (
    <fieldset class="adder">
      <legend>Only where</legend>
      <ul class="chips" aria-label="Filters that apply">
        {address.all('filter').map((filter) => (
          <Chip key={filter} address={address} filter={filter} />
        ))}
      </ul>
      <label>
        <span>Dimension</span>
        <Select
          id="filter-name"
          options={[
            ['', 'choose one'],
            ...[...dimensions, 'profile_id', 'session_id'].map((each): Option => [each, each]),
          ]}
          value={name}
          choose={(chosen) => {
            setName(chosen)
            setValues([])
          }}
        />
      </label>
      <label>
        <span>is</span>
        <input
          ref={field}
          id="filter-value"
          list="filter-values"
          autocomplete="off"
          maxLength={500}
          onFocus={() => void suggest()}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
        />
      </label>
      <datalist id="filter-values">
        {values.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </datalist>
      <button type="button" id="filter-add" onClick={add}>
        Add
      </button>
    </fieldset>
  )
}

const valuesOf = ({ answers }: MetricsAnswer, name: string): Option[] =>
  answers
    .flatMap(({ rows }) => rows)
    .map(({ dimensions, sessions }) => [dimensions[name] ?? '', `${sessions} sessions`] as const)

function Chip({ address, filter }: { readonly address: Address; readonly filter: string }) {
  const colon = filter.indexOf(':')
  const words = `${filter.slice(0, colon)}: ${filter.slice(colon + 1) || 'unknown'}`
  const others = address.all('filter').filter((each) => each !== filter)
  return (
    <li>
      <button type="button" aria-label={`Take away the filter ${words}`} onClick={() => address.set('filter', others)}>
        {words}
        <span aria-hidden="true"> ×</span>
      </button>
    </li>
  )
}
