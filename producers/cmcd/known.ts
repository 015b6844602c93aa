interface Known {
  readonly name: string
  /** The name and the equals sign after it. */
  readonly bytes: Uint8Array
  /** The name that followed it last time. */
  next: Known
}

/**
 * Looks up expected names in place. A slice of the text costs a copy and a hash at every look-up; players repeat the
 * same key order, so the name that followed last time is compared first, byte by byte.
 */
export class KnownNames {
  /** Position after the equals sign of the name predicted last. */
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

  /** The name that followed last time, if it occurs at `from` with a value after it. */
  foretold(bytes: Uint8Array, from: number, end: number): string | undefined {
    const next = this.#last?.next
    if (next === undefined || !isAt(next.bytes, bytes, from, end)) return undefined
    this.#last = next
    this.after = from + next.bytes.length
    return next.name
  }

  /** The canonical instance of a known name, for comparison by identity; from now on it is predicted. */
  learn(name: string): string {
    const found = this.#last === undefined ? undefined : this.#byName.get(name)
    if (found === undefined) return name
    this.#last!.next = found
    this.#last = found
    return found.name
  }
}

/** Compares from the end, where names with a common prefix differ. */
function isAt(name: Uint8Array, bytes: Uint8Array, from: number, end: number): boolean {
  if (from + name.length > end) return false
  for (let i = name.length - 1; i >= 0; i--) if (name[i] !== bytes[from + i]) return false
  return true
}
