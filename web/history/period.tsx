import { useRef } from 'preact/hooks'
import type { Address } from '../shell/address.ts'
import { Select } from '../shell/choice.tsx'
import { msOf, TimeField } from '../shell/time-field.tsx'
import { COMPARISONS, type View } from './question.ts'

export interface PeriodProps {
  readonly address: Address
  readonly view: View | undefined
}

/** Exact start and end, and the period for comparison. */
export function Period({ address, view }: PeriodProps) {
  const move = (change: Readonly<Record<string, string>>): void => address.go(change, 'push')
  const [from, to] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)]
  const narrow = (): void => {
    const [begin, end] = [msOf(from.current?.value), msOf(to.current?.value)]
    if (begin !== '' && end !== '') move({ from: begin, to: end })
  }
  const compare = address.get('compare')
  return (
    <>
      <fieldset>
        <legend>Period</legend>
        <TimeField id="from" label="From" ms={view?.from} input={from} choose={narrow} />
        <TimeField id="to" label="To" ms={view?.to} input={to} choose={narrow} />
      </fieldset>
      <fieldset>
        <legend>Compare</legend>
        <label>
          <span>With</span>
          <Select id="compare" options={COMPARISONS} value={compare} choose={(value) => move({ compare: value })} />
        </label>
        <TimeField
          id="compare_from"
          label="Its start"
          ms={view?.before}
          hidden={compare !== 'at'}
          choose={(value) => move({ compare_from: msOf(value) })}
        />
      </fieldset>
    </>
  )
}
