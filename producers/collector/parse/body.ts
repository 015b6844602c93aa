import type { Batch } from '../batch.ts'
import { fail } from '../errors.ts'
import type { Stamp } from '../head.ts'
import type { Pipeline } from '../pipeline.ts'
import { frameIds, isContainer, readFrames } from './avro.ts'
import { readContainer } from './container.ts'
import { readJson } from './json.ts'
import { readNdjson } from './ndjson.ts'
import { BYTE, skipSpace } from './scan.ts'

const { OPEN_ARRAY } = BYTE

type Form = 'ndjson' | 'json' | 'avro' | 'text' | 'any'

/** Accepted media types. A beacon of a string is text/plain, and one of bytes has no type: the body itself decides. */
const FORMS: Readonly<Record<string, Form>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/json': 'json',
  'application/vnd.playloop.avro': 'avro',
  'application/avro': 'avro',
  'avro/binary': 'avro',
  'text/plain': 'text',
  '': 'any',
}

/** Accepted media types by name. */
export const MEDIA_TYPES: readonly string[] = Object.keys(FORMS).filter((type) => type !== '')
/** Those of bodies with one JSON value a line. */
export const NDJSON: readonly string[] = MEDIA_TYPES.filter((type) => FORMS[type] === 'ndjson')

/** How the bodies of a request are read. */
export interface Reading {
  /** Schema ids that the body refers to, which must be known before it is read. */
  idsNamed(body: Buffer): ReadonlySet<number>
  /** Reads every event into the batch; throws if the body as a whole cannot be read. */
  read(body: Buffer, pipeline: Pipeline, stamp: Stamp, batch: Batch): void
}

/** The reading for a Content-Type; throws COLLECTOR_MEDIA_TYPE for an unsupported one. */
export function readingOf(contentType: string | undefined, maxInflated: number): Reading {
  const form = formOf(contentType)
  return {
    idsNamed: (body) => idsNamed(form, body),
    read: (body, pipeline, stamp, batch) => readEvents(form, body, pipeline, stamp, batch, maxInflated),
  }
}

/** The media type of a Content-Type, without parameters, in lower case. */
export const mediaType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()

function formOf(contentType: string | undefined): Form {
  const type = mediaType(contentType)
  if (!Object.hasOwn(FORMS, type)) throw fail('COLLECTOR_MEDIA_TYPE', { type: type.slice(0, 100) })
  return FORMS[type]!
}

function readEvents(
  form: Form,
  body: Buffer,
  { encoder, readers }: Pipeline,
  stamp: Stamp,
  batch: Batch,
  maxInflated: number,
): void {
  switch (settled(form, body)) {
    case 'ndjson':
      return readNdjson(body, encoder, stamp, batch)
    case 'json':
      return readJson(body, encoder, stamp, batch)
    case 'avro':
      return isContainer(body)
        ? readContainer(body, readers, stamp, batch, maxInflated)
        : readFrames(body, readers, stamp, batch)
  }
}

function idsNamed(form: Form, body: Buffer): ReadonlySet<number> {
  return settled(form, body) === 'avro' && !isContainer(body) ? frameIds(body) : new Set()
}

/**
 * Detects the form of a body whose type does not decide it: a frame begins with a zero byte, a file with "Obj", an
 * array with a bracket.
 */
function settled(form: Form, body: Buffer): 'ndjson' | 'json' | 'avro' {
  if (form === 'any' && (body[0] === 0 || isContainer(body))) return 'avro'
  if (form !== 'any' && form !== 'text') return form
  return body[skipSpace(body, 0, body.length)] === OPEN_ARRAY ? 'json' : 'ndjson'
}
