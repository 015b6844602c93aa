/** What was chosen stands in the address; what is as it comes by itself does not. */
export interface Address {
  get(name: string): string
  set(name: string, value: string): void
  /** The present address with other choices. */
  with(change: Readonly<Record<string, string>>): string
}

export function openAddress(defaults: Readonly<Record<string, string>>, changed: () => void): Address {
  const chosen = (): Map<string, string> => new Map(new URLSearchParams(location.search))
  const text = (choices: ReadonlyMap<string, string>): string => {
    const kept = [...choices].filter(([name, value]) => value !== (defaults[name] ?? ''))
    return kept.length === 0 ? location.pathname : `${location.pathname}?${new URLSearchParams(kept)}`
  }
  return {
    get: (name) => chosen().get(name) ?? defaults[name] ?? '',
    set(name, value) {
      history.replaceState(null, '', text(chosen().set(name, value)))
      changed()
    },
    with: (change) => text(new Map([...chosen(), ...Object.entries(change)])),
  }
}
