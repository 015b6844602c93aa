interface Known {
  readonly name: string
  /** The name and the equals sign behind it. */
  readonly bytes: Uint8Array
  /** What followed it last time. */
  next: Known
}

/**
 * Names that are expected, found where they lie. A slice of the text costs a copy and a hash at every look-up; players
 * send their keys in the same order again and again, so the name that followed last time is compared first, byte by
 * byte.
 */
export class KnownNames {
  /** Place behind the equals sign of the name foretold last. */
  after = 0
  readonly #byName: ReadonlyMap<string, Known>
  #last: Known | undefined

  constructor(names: readonly string[]) {
    this.#byName = new Map(
      names.map((name) => {
        const known = { name, bytes: new TextEncoder().encode(`${name}=`) } as Known
        known.next = known
        return [name, known]
      }),
    )
    this.#last = this.#byName.values().next().value
  }

  /** The name that followed last time, if it stands at `from` with a value behind it. */
  foretold(bytes: Uint8Array, from: number, end: number): string | undefined {
    const next = this.#last?.next
    if (next === undefined || !isAt(next.bytes, bytes, from, end)) return undefined
    this.#last = next
    this.after = from + next.bytes.length
    return next.name
  }

  /** The name itself where it is known, to be compared by identity; it is foretold from now on. */
  learn(name: string): string {
    const found = this.#last === undefined ? undefined : this.#byName.get(name)
    if (found === undefined) return name
    this.#last!.next = found
    this.#last = found
    return found.name
  }
}

/** From its end, where names that share a prefix differ. */
function isAt(name: Uint8Array, bytes: Uint8Array, from: number, end: number): boolean {
  if (from + name.length > end) return false
  for (let i = name.length - 1; i >= 0; i--) if (name[i] !== bytes[from + i]) return false
  return true
}
