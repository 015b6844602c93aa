import avsc from 'avsc'
import { after, readLong, writeLong } from '../varint.ts'

/**
 * The library's own long is exact only to 2^52: beyond that, a negative odd number silently turns into a positive one.
 * This one is exact to 2^53 and refuses larger values, in both directions.
 */
export const typeOf = (schema: object): avsc.Type =>
  avsc.Type.forSchema(schema as avsc.Schema, { typeHook: (part) => (isLong(part) ? EXACT_LONG : undefined) })

/**
 * The library's cursor for reading and writing: if `buf` is too small, `pos` runs past its end and the operation is
 * repeated.
 */
interface Tap {
  readonly buf: Uint8Array
  pos: number
}

const EXACT_LONG = Object.assign(Object.create(avsc.Type.forSchema('long')) as avsc.Type, {
  _write(tap: Tap, value: unknown): void {
    if (!Number.isSafeInteger(value)) throw new RangeError(`no long that a number can hold: ${String(value)}`)
    tap.pos = writeLong(tap.buf, tap.pos, value as number)
  },
  _read(tap: Tap): number {
    const value = readLong(tap.buf, tap.pos, tap.buf.length)
    if (Number.isNaN(value)) {
      // A position past the end tells the library that bytes are missing.
      tap.pos = tap.buf.length + 1
      return 0
    }
    if (!Number.isSafeInteger(value)) throw new RangeError('a long past 2^53, which a number would round')
    tap.pos = after
    return value
  },
  // The library calls this before it copies a value or explains an error.
  _check: (value: unknown, _flags: unknown, hook?: (value: unknown, type: unknown) => void): boolean => {
    const good = Number.isSafeInteger(value)
    if (!good && hook !== undefined) hook(value, EXACT_LONG)
    return good
  },
})

const isLong = (schema: avsc.Schema): boolean =>
  schema === 'long' || (schema as { readonly type?: unknown }).type === 'long'
