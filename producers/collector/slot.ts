import { KIND, type Plan } from './plan.ts'

const { BYTES, DOUBLE, STRING } = KIND

/** Start of a slice that is missing or null. */
export const ABSENT = -1

/**
 * A field of the schema, with the value found in the record being read.
 *
 * One object per field and not parallel tables: every access to a typed array repeats bounds and detachment checks,
 * while a property of an object of known shape costs one load. Measured: a third of the encoder's instructions.
 */
export class Slot {
  readonly index: number
  readonly kind: number
  readonly nullable: boolean
  /** 1 if the record must have it. */
  readonly required: number
  readonly longest: number
  /** Avro bytes of a default that is not a number. */
  readonly fallback: Uint8Array
  /** Length of the name, its closing quote and the colon, bytes. */
  readonly length: number
  /** The same text, four bytes per word; the padding of the last one is masked out. */
  readonly words: Int32Array
  readonly mask: number
  /** The field that followed this one last time. */
  next: Slot
  /** Number of the record in which it last occurred. */
  met = 0
  /** Where its text begins and ends; numbers are in the draft's table. */
  start = ABSENT
  end = 0
  /** Whether that text is in the side buffer, because it was unescaped or encoded. */
  aside = false

  constructor(plan: Plan, index: number) {
    const name = Buffer.from(`${plan.names[index] ?? ''}":`)
    const padded = Buffer.concat([name, Buffer.alloc(4 - (name.length % 4))])
    this.index = index
    this.kind = plan.kinds[index] ?? STRING
    this.nullable = plan.nullable[index] === 1
    this.required = plan.required[index] ?? 0
    this.longest = plan.longest[index] ?? 0
    this.fallback = plan.defaults[index] ?? new Uint8Array()
    this.length = name.length
    this.words = Int32Array.from({ length: padded.length / 4 }, (_, i) => padded.readInt32LE(4 * i))
    this.mask = (1 << (8 * (name.length % 4))) - 1
    this.next = this
  }

  get isText(): boolean {
    return this.kind > DOUBLE
  }

  /** Whether the value has a length prefix, as strings and bytes do. */
  get hasLength(): boolean {
    return this.kind === STRING || this.kind === BYTES
  }
}

/** One slot per field, each predicting the next of the schema; `before` predicts the first. */
export function slotsOf(plan: Plan): { readonly slots: readonly Slot[]; readonly before: Slot } {
  const slots = plan.names.map((_, index) => new Slot(plan, index))
  slots.forEach((slot, index) => (slot.next = slots[index + 1] ?? slots[0]!))
  const before = new Slot(plan, slots.length)
  before.next = slots[0]!
  return { slots, before }
}

/**
 * Whether the text at `pos` is the name of the slot, including quote and colon. The last word read may extend 3 bytes
 * further.
 */
export function isNamed(slot: Slot, text: DataView, pos: number): boolean {
  const { words } = slot
  const last = words.length - 1
  let at = pos | 0
  for (let i = 0; i < last; i++, at += 4) if (text.getInt32(at, true) !== words[i]) return false
  return ((text.getInt32(at, true) ^ words[last]!) & slot.mask) === 0
}
