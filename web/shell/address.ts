/** What was chosen stands in the address; what is as it comes by itself does not. */
export interface Address {
  get(name: string): string
  /** Of a parameter that may stand several times, such as `filter`. */
  all(name: string): readonly string[]
  set(name: string, value: string | readonly string[]): void
  /** The present address with other choices. */
  with(change: Readonly<Record<string, string | readonly string[]>>): string
}

type Choices = ReadonlyMap<string, readonly string[]>

export function openAddress(defaults: Readonly<Record<string, string>>, changed: () => void): Address {
  const chosen = (): Map<string, readonly string[]> => {
    const told = new URLSearchParams(location.search)
    return new Map([...told.keys()].map((name) => [name, told.getAll(name)]))
  }
  const text = (choices: Choices): string => {
    const kept = [...choices].flatMap(([name, values]) =>
      values.filter((value) => value !== (defaults[name] ?? '')).map((value) => [name, value]),
    )
    return kept.length === 0 ? location.pathname : `${location.pathname}?${new URLSearchParams(kept)}`
  }
  return {
    get: (name) => chosen().get(name)?.at(-1) ?? defaults[name] ?? '',
    all: (name) => chosen().get(name) ?? [],
    set(name, value) {
      history.replaceState(null, '', text(chosen().set(name, [value].flat())))
      changed()
    },
    with: (change) =>
      text(new Map([...chosen(), ...Object.entries(change).map(([name, value]) => [name, [value].flat()] as const)])),
  }
}
