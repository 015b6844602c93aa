import type { Cursor } from '../../streams/qoe/index.ts'
import { fail } from '../errors.ts'

/** Encodes a position in a list as opaque text. */
export const writeCursor = ({ value, session_id, instance }: Cursor): string =>
  Buffer.from(JSON.stringify([value, instance, session_id])).toString('base64url')

export function readCursor(text: string): Cursor {
  const parts = parsed(text)
  if (
    !Array.isArray(parts) ||
    !Number.isSafeInteger(parts[0]) ||
    !Number.isSafeInteger(parts[1]) ||
    typeof parts[2] !== 'string'
  ) {
    throw fail('API_QUERY_INVALID', {
      problem: 'the cursor is none: use `next` of the answer before, with the same question',
    })
  }
  return { value: parts[0] as number, instance: parts[1] as number, session_id: parts[2] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}
