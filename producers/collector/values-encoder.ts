import type { Batch } from './batch.ts'
import { Draft } from './draft.ts'
import type { Fault, FaultCode } from './faults.ts'
import type { Guard } from './guard.ts'
import type { Stamp } from './head.ts'
import { Text } from './parse/text.ts'
import { KIND, PLACE, type Plan } from './plan.ts'
import type { Slot } from './slot.ts'
import { isClock, readId, wholeFault } from './values.ts'

const { STRING, TIME } = KIND
const { CLOCK, EVENT_ID, RECEIVED_TIME, SKEW } = PLACE
/** No request text: all text is in the draft's own memory. */
const NO_TEXT = new Text(Buffer.alloc(0))
const ID_CHARACTERS = 36

/**
 * Encodes the values of an event, each at the index of its field, to Avro, for readers of forms other than JSON. They
 * pass the same checks as JSON, and `values-encoder.test.ts` proves bytes and faults equal. Supports integers, strings
 * and the event id, which is all that telemetry has.
 */
export class ValuesEncoder {
  readonly #plan: Plan
  readonly #guard: Guard
  readonly #draft: Draft
  readonly #id = new Uint8Array(ID_CHARACTERS)

  constructor(plan: Plan, schemaId: number, guard: Guard) {
    this.#plan = plan
    this.#guard = guard
    this.#draft = new Draft(plan, schemaId)
  }

  /** Encodes the event into the batch; returns the fault if it is refused, and then leaves the batch unchanged. */
  encode(values: readonly (string | number | undefined)[], stamp: Stamp, batch: Batch): Fault | undefined {
    const draft = this.#draft
    const fault = this.#take(values) ?? draft.fault(this.#guard)
    if (fault === undefined) draft.write(NO_TEXT, draft.side.at, stamp, batch)
    return fault
  }

  #take(values: readonly (string | number | undefined)[]): Fault | undefined {
    const draft = this.#draft
    draft.clear()
    const { slots, turn } = draft
    let missing = this.#plan.requiredCount
    for (let place = 0; place < slots.length; place++) {
      const value = values[place]
      if (value === undefined) continue
      const slot = slots[place]!
      const code = typeof value === 'number' ? this.#whole(slot, value) : this.#text(slot, value)
      if (code !== undefined) return { code, field: this.#plan.names[place]! }
      slot.met = turn
      missing -= slot.required
    }
    return missing === 0 ? undefined : { code: 'field_missing', field: this.#plan.names[draft.missing()]! }
  }

  #whole({ kind, index }: Slot, value: number): FaultCode | undefined {
    if (kind > TIME || !Number.isInteger(value)) return 'field_type'
    if (index === RECEIVED_TIME || index === SKEW) return 'field_reserved'
    // Minus zero becomes zero, as it would from its digits.
    this.#draft.numbers[index] = value + 0
    return wholeFault(this.#plan, index, value)
  }

  #text(slot: Slot, value: string): FaultCode | undefined {
    if (slot.index === EVENT_ID) return this.#isId(value) ? undefined : 'id_invalid'
    if (slot.kind !== STRING) return 'field_type'
    const length = this.#draft.putText(slot, value)
    if (slot.index === CLOCK && !isClock(this.#draft.side.bytes, slot.start, slot.end)) return 'clock_unknown'
    return length > slot.longest ? 'field_too_long' : undefined
  }

  #isId(text: string): boolean {
    if (text.length > ID_CHARACTERS) return false
    for (let i = 0; i < text.length; i++) this.#id[i] = Math.min(text.charCodeAt(i), 0xff)
    return readId(this.#id, 0, text.length, this.#draft.id)
  }
}
