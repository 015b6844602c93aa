import type { RefObject } from 'preact'
import type { Address } from './address.ts'

export type Option = readonly [value: string, text: string]

/** A user's choice, named like its parameter in the address. */
export interface Choice {
  readonly name: string
  readonly label: string
  readonly options: readonly Option[]
  /** By default, the value in the address. */
  readonly value?: string
  readonly choose?: (value: string) => void
}

export interface SelectProps {
  readonly id: string
  readonly options: readonly Option[]
  readonly value: string
  readonly choose: (value: string) => void
  readonly focus?: RefObject<HTMLSelectElement | null> | undefined
  readonly 'aria-describedby'?: string
  readonly 'aria-invalid'?: 'true' | undefined
}

/** A select list; the chosen value is listed even if it is no longer offered. */
export function Select({ id, options, value, choose, focus, ...more }: SelectProps) {
  const all = options.some(([offered]) => offered === value) ? options : [...options, [value, value] as const]
  return (
    <select
      {...more}
      id={id}
      name={id}
      value={value}
      ref={focus ?? null}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {all.map(([offered, text]) => (
        <option key={offered} value={offered}>
          {text}
        </option>
      ))}
    </select>
  )
}

/** A choice stored in the address. */
export function AddressChoice({
  address,
  choice: { name, label, options, value, choose },
  focus,
}: {
  readonly address: Address
  readonly choice: Choice
  readonly focus?: RefObject<HTMLSelectElement | null> | undefined
}) {
  return (
    <label>
      <span>{label}</span>
      <Select
        id={name}
        options={options}
        value={value ?? address.get(name)}
        choose={choose ?? ((chosen) => address.set(name, chosen))}
        focus={focus}
      />
    </label>
  )
}

/** Available clocks: the simulated world always, the others if they have events. */
export const clockOptions = (clocks: readonly { readonly clock: string }[] = []): Option[] =>
  [...new Set(['world', ...clocks.map(({ clock }) => clock)])].map((name) => [name, name] as const)
