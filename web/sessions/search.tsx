import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import type { Address } from '../shell/address.ts'
import type { MetricsAnswer } from '../shell/answers.ts'
import { Select } from '../shell/choice.tsx'
import { ask } from '../shell/feed.ts'
import { filtersOf, nameOf } from '../shell/filters.ts'
import { msOf, TimeField } from '../shell/time-field.tsx'
import { valuesPath } from './question.ts'

/** The most common filters first, then the other dimensions. */
const FIRST = ['profile_id', 'session_id', 'title_id', 'device', 'country', 'error_code']
/** Ids have too many values to suggest, except titles. */
const hasChoices = (dimension: string): boolean => !dimension.endsWith('_id') || dimension === 'title_id'

export interface SearchProps {
  readonly address: Address
  readonly by: string
  readonly setBy: (dimension: string) => void
  readonly field: RefObject<HTMLInputElement | null>
  /** Period of the answer, ms. */
  readonly period: { readonly from: number | null; readonly to: number | null } | undefined
  readonly dimensions: readonly string[]
  readonly watermark: number | undefined
}

/** Filters by any dimension and a period, all stored in the address. */
export function Search({ address, by, setBy, field, period, dimensions, watermark }: SearchProps) {
  const [values, setValues] = useState<readonly string[]>([])
  const suggest = async (dimension: string): Promise<void> => {
    setValues([])
    if (!hasChoices(dimension)) return
    const { data } = await ask<MetricsAnswer>(valuesPath(address, watermark, dimension))
    setValues((data?.answers[0]?.rows ?? []).map((row) => row.dimensions[dimension] ?? ''))
  }
  const choose = (dimension: string): void => {
    setBy(dimension)
    void suggest(dimension)
  }
  return (
    <>
      <label>
        <span>Look for</span>
        <Select
          id="by"
          options={[...new Set([...FIRST, ...dimensions])].map((name) => [name, nameOf(name)] as const)}
          value={by}
          choose={choose}
        />
      </label>
      <label>
        <span>that is</span>
        <input
          ref={field}
          id="value"
          list="values"
          autocomplete="off"
          spellcheck={false}
          onFocus={() => void suggest(by)}
        />
      </label>
      <datalist id="values">
        {values.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <button type="submit">Add filter</button>
      <Chips address={address} field={field} />
      <TimeField id="from" label="From" ms={period?.from} choose={(value) => address.set('from', msOf(value))} />
      <TimeField id="to" label="To" ms={period?.to} choose={(value) => address.set('to', msOf(value))} />
    </>
  )
}

/** Active filters: each button removes its filter, then the focus moves to the field for the next one. */
function Chips({ address, field }: Pick<SearchProps, 'address' | 'field'>) {
  const texts = address.all('filter')
  const remove = (text: string): void => {
    address.set(
      'filter',
      texts.filter((each) => each !== text),
    )
    field.current?.focus()
  }
  return (
    <ul class="chips" aria-label="Filters in force" hidden={texts.length === 0}>
      {texts.map((text) => {
        const words = wordsOf(text)
        return (
          <li key={text}>
            <button type="button" aria-label={`Remove the filter ${words}`} onClick={() => remove(text)}>
              {words}
              <span aria-hidden="true"> ×</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function wordsOf(text: string): string {
  const [{ name, value } = { name: '', value: '' }] = filtersOf([text])
  return `${nameOf(name)} ${value || 'unknown'}`
}
