import { computed, signal } from '@preact/signals'

type Change = Readonly<Record<string, string | readonly string[]>>

/**
 * The choices in the page's address; default values are omitted. Reads are tracked: a component or an effect that reads
 * a choice runs again when the address changes.
 */
export interface Address {
  get(name: string): string
  /** All values of a repeatable parameter, such as `filter`. */
  all(name: string): readonly string[]
  set(name: string, value: string | readonly string[]): void
  /** Changes several choices at once; with `push`, the browser's Back undoes the change. */
  go(change: Change, how?: 'push' | 'replace'): void
  /** The current address with other choices. */
  with(change: Change): string
}

export function openAddress(defaults: Readonly<Record<string, string>>): Address {
  const search = signal(location.search)
  addEventListener('popstate', () => {
    search.value = location.search
  })
  const chosen = computed((): ReadonlyMap<string, readonly string[]> => {
    const parameters = new URLSearchParams(search.value)
    return new Map([...parameters.keys()].map((name) => [name, parameters.getAll(name)]))
  })
  const changed = (change: Change): string => {
    const choices = new Map([
      ...chosen.value,
      ...Object.entries(change).map(([name, value]) => [name, [value].flat()] as const),
    ])
    const kept = [...choices].flatMap(([name, values]) =>
      values.filter((value) => value !== (defaults[name] ?? '')).map((value) => [name, value]),
    )
    return kept.length === 0 ? location.pathname : `${location.pathname}?${new URLSearchParams(kept)}`
  }
  const go = (change: Change, how: 'push' | 'replace' = 'replace'): void => {
    history[`${how}State`](null, '', changed(change))
    search.value = location.search
  }
  return {
    get: (name) => chosen.value.get(name)?.at(-1) ?? defaults[name] ?? '',
    all: (name) => chosen.value.get(name) ?? [],
    set: (name, value) => go({ [name]: value }),
    go,
    with: changed,
  }
}
