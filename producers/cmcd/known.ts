interface Known {
  readonly name: string
  readonly bytes: Uint8Array
  /** What followed it last time. */
  next: Known
}

/**
 * Names that are expected, found where they lie. A slice of the text costs a copy and a hash at every look-up; players send
 * their keys in the same order again and again, so the name that followed last time is compared first, byte by byte.
 */
export class KnownNames {
  readonly #byName: ReadonlyMap<string, Known>
  #last: Known | undefined

  constructor(names: readonly string[]) {
    this.#byName = new Map(names.map((name) => {
      const known = { name, bytes: new TextEncoder().encode(name) } as Known
      known.next = known
      return [name, known]
    }))
    this.#last = this.#byName.values().next().value
  }

  /** The name at `[from, end)`: one of the known, or a slice of the text. */
  at(text: string, bytes: Uint8Array, from: number, end: number): string {
    const last = this.#last
    if (last === undefined) return text.substring(from, end)
    if (isAt(last.next.bytes, bytes, from, end)) return (this.#last = last.next).name
    const name = text.substring(from, end)
    const found = this.#byName.get(name)
    if (found === undefined) return name
    last.next = found
    this.#last = found
    return found.name
  }
}

function isAt(name: Uint8Array, bytes: Uint8Array, from: number, end: number): boolean {
  if (end - from !== name.length) return false
  for (let i = name.length - 1; i >= 0; i--) if (name[i] !== bytes[from + i]) return false
  return true
}
