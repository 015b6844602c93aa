import { after, readLong } from '../../platform/varint.ts'
import { isPrimitive, type AvroRecord, type AvroType, type PrimitiveName } from '../../schemas/model.ts'

/**
 * Checks whether bytes [start, end) are exactly one datum of a schema, without decoding it. Returns '' if they are,
 * else the fault.
 *
 * The engine must refuse whatever this refuses: a datum that does not end at `end` shifts every row behind it.
 * Bisection finds what only the engine refuses.
 */
export type Walk = (bytes: Buffer, start: number, end: number) => string

/** Walks one value from `at`; returns the position after it, or -1. */
type Step = (bytes: Buffer, at: number, end: number) => number

const BAD = -1

export function walkOf(schema: AvroRecord): Walk {
  const step = stepOf(schema)
  return (bytes, start, end) => {
    const at = step(bytes, start, end)
    if (at === end) return ''
    return at === BAD
      ? 'the datum does not follow its schema, or ends too early'
      : `${end - at} bytes are left over behind the datum`
  }
}

function stepOf(type: AvroType): Step {
  if (isPrimitive(type)) return PRIMITIVES[type.kind]
  switch (type.kind) {
    case 'fixed':
      return fixed(type.size)
    case 'enum':
      return indexed(type.symbols.map(() => nothing))
    case 'union':
      // The engine reads every index except the value's own as null. What the engine would insert is not refused here.
      return indexed(type.branches.map(stepOf), type.branches.some(({ kind }) => kind === 'null') ? nothing : undefined)
    case 'record':
      return sequence(type.fields.map(({ type: field }) => stepOf(field)))
    case 'array':
      return blocks(stepOf(type.items))
    case 'map':
      return blocks(sequence([text, stepOf(type.values)]))
  }
}

/** The last number read: a second return value that allocates nothing per field. */
let read = 0

const varint: Step = (bytes, start, end) => {
  const value = readLong(bytes, start, end)
  if (Number.isNaN(value)) return BAD
  read = value
  return after
}

const within = (at: number, end: number): number => (at <= end ? at : BAD)
const nothing: Step = (_, at) => at
const fixed =
  (size: number): Step =>
  (_, at, end) =>
    within(at + size, end)
const flag: Step = (bytes, at, end) => (at < end && bytes[at]! <= 1 ? at + 1 : BAD)
const int: Step = (bytes, start, end) => {
  const at = varint(bytes, start, end)
  return at !== BAD && read >= -0x8000_0000 && read <= 0x7fff_ffff ? at : BAD
}
const text: Step = (bytes, start, end) => {
  const at = varint(bytes, start, end)
  return at === BAD || read < 0 ? BAD : within(at + read, end)
}

const PRIMITIVES: Readonly<Record<PrimitiveName, Step>> = {
  null: nothing,
  boolean: flag,
  int,
  long: varint,
  float: fixed(4),
  double: fixed(8),
  bytes: text,
  string: text,
}

/** An index, followed by the value that it selects. */
const indexed =
  (choices: readonly Step[], otherwise?: Step): Step =>
  (bytes, start, end) => {
    const at = varint(bytes, start, end)
    const step = at === BAD ? undefined : (choices[read] ?? otherwise)
    return step === undefined ? BAD : step(bytes, at, end)
  }

const sequence =
  (steps: readonly Step[]): Step =>
  (bytes, start, end) => {
    let at = start
    for (let i = 0; i < steps.length && at !== BAD; i++) at = steps[i]!(bytes, at, end)
    return at
  }

/**
 * Blocks of (count, items), ended by a count of 0; a negative count is followed by the block's size. Source: Avro 1.12,
 * "Arrays".
 */
const blocks =
  (item: Step): Step =>
  (bytes, start, end) => {
    for (let at = start; ;) {
      at = varint(bytes, at, end)
      if (at === BAD || read === 0) return at
      const count = Math.abs(read)
      if (read < 0) at = varint(bytes, at, end)
      for (let i = 0; i < count && at !== BAD; i++) {
        const next = item(bytes, at, end)
        if (next === at) return BAD // items without bytes: the count could be anything
        at = next
      }
      if (at === BAD) return BAD
    }
  }
