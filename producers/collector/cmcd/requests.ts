import { fromRequestLog, isSupported, textsOf, type CmcdRecord } from '../../cmcd/index.ts'
import type { Batch } from '../batch.ts'
import type { Fault } from '../faults.ts'
import type { Stamp } from '../head.ts'
import type { Reading } from '../parse/body.ts'
import { readNdjson, type LineEncoder } from '../parse/ndjson.ts'
import { Text } from '../parse/text.ts'
import { ValueReader } from '../parse/value.ts'
import { CMCD_HEADERS, eventFieldsOf, reported, type Line } from './request-line.ts'

const NO_IDS: ReadonlySet<number> = new Set()

/** Reads a request log, one JSON object a line. Each becomes an event of delivery.requests. */
export const requestReading: Reading = {
  idsNamed: () => NO_IDS,
  read: (body, { encoder }, stamp, batch) => readNdjson(body, new RequestLines(encoder), stamp, batch),
}

type Event = Readonly<Record<string, unknown>>

/** Turns lines of a log into events, which `encoder` checks and writes as those of /v1/events. */
class RequestLines implements LineEncoder {
  fault: Fault = { code: 'json_invalid' }
  readonly #encoder: LineEncoder
  readonly #values = new ValueReader()

  constructor(encoder: LineEncoder) {
    this.#encoder = encoder
  }

  encode({ bytes }: Text, from: number, end: number, stamp: Stamp, batch: Batch): number {
    const line = this.#values.read(bytes, from, end)
    const { after } = this.#values
    if (!(line instanceof Map)) return this.#refuse({ code: 'json_invalid' })
    const { event, fault } = eventOf(normalised(line as Line))
    if (event === undefined) return this.#refuse(fault)
    const text = new Text(Buffer.from(JSON.stringify(event)))
    const written = this.#encoder.encode(text, 0, text.bytes.length, stamp, batch)
    return written === -1 ? this.#refuse(this.#encoder.fault) : after
  }

  #refuse(fault: Fault): -1 {
    this.fault = fault
    return -1
  }
}

/** Names in the spelling of headers, too: `CMCD-Object` is `cmcd_object`. */
const normalised = (line: Line): Line =>
  [...line.keys()].some((name) => /[A-Z-]/.test(name))
    ? new Map([...line].map(([name, value]) => [name.toLowerCase().replaceAll('-', '_'), value]))
    : line

type Made =
  { readonly event: Event; readonly fault?: undefined } | { readonly event?: undefined; readonly fault: Fault }

function eventOf(line: Line): Made {
  const url = reported(line, 'url')
  if (typeof url !== 'string')
    return { fault: { code: url === undefined ? 'field_missing' : 'field_type', field: 'url' } }
  const logged = fromRequestLog(url, headersOf(line))
  if (logged === undefined) return { fault: { code: 'cmcd_missing', field: 'url' } }
  if (!isSupported(logged.record)) return { fault: { code: 'cmcd_version', field: 'v' } }
  if ((logged.record.sid ?? '') === '') return { fault: { code: 'cmcd_session_missing', field: 'sid' } }
  const told = eventFieldsOf(line)
  return 'code' in told ? { fault: told } : { event: { ...ofCmcd(logged.record, logged.url), ...told } }
}

/** The query is read only if no CMCD header is there; an empty one is none, since a log writes that for an absent one. */
const headersOf = (line: Line): Record<string, string> =>
  Object.fromEntries(
    CMCD_HEADERS.flatMap((header): [string, string][] => {
      const value = reported(line, header.replaceAll('-', '_'))
      return typeof value === 'string' ? [[header, value]] : []
    }),
  )

/** What the player said of the request. */
const ofCmcd = (record: CmcdRecord, url: string): Event => ({
  session_id: record.sid,
  title_id: record.cid ?? '',
  pathway: record.cdn ?? '',
  path: url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ''),
  cmcd: textsOf(record),
})
