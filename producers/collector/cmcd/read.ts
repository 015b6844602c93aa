import { Decoder, dropQueries, eachLine, FIELDS, fromOwn, fromPlain, isOwn, isSupported, type Decoded, type TelemetryEvent } from '../../cmcd/index.ts'
import type { Batch } from '../batch.ts'
import type { JsonEncoder } from '../encoder.ts'
import { fail } from '../errors.ts'
import type { Fault } from '../faults.ts'
import { NOTHING_SEEN, type Seen, type Stamp } from '../head.ts'
import type { Reading } from '../parse/body.ts'
import { unparseable } from '../parse/json.ts'
import { Text } from '../parse/text.ts'

const NO_IDS: ReadonlySet<number> = new Set()

/**
 * Lines of event mode. Each becomes the JSON of a telemetry event and goes through the encoder that JSON goes through:
 * what is checked, guarded, defaulted and hashed there is so here, by construction.
 */
export function cmcdReading(closed: ReadonlySet<string>): Reading {
  const decoder = new Decoder(FIELDS.map(({ key }) => key))
  const scratch = new Scratch()
  return {
    idsNamed: () => NO_IDS,
    read(body, { encoder }, stamp, batch) {
      // Structured fields are ASCII: one character a byte, and any other byte makes its value none.
      const text = body.toString('latin1')
      let closedRecords = 0
      eachLine(body, (from, end) => {
        if (!batch.open) throw fail('COLLECTOR_TOO_MANY', { limit: batch.seen })
        const event = eventOf(decoder.decodeAt(text, body, from, end), closed)
        if (!('code' in event)) return take(event, scratch, encoder, stamp, batch)
        if (event.code === 'cmcd_session_closed') closedRecords++
        batch.reject(event)
      })
      if (batch.seen === 0) throw unparseable('it is empty')
      // One record of another session is enough to take the body: its player must not be told to stop.
      if (closedRecords === batch.seen) throw fail('COLLECTOR_SESSION_CLOSED')
    },
  }
}

function eventOf(decoded: Decoded, closed: ReadonlySet<string>): TelemetryEvent | Fault {
  if (!isSupported(decoded)) return { code: 'cmcd_version', field: 'v' }
  const own = isOwn(decoded)
  if (!own && decoded.ts === undefined) return { code: 'cmcd_time_missing', field: 'ts' }
  dropQueries(decoded)
  const event = own ? fromOwn(decoded) : fromPlain(decoded)
  if (event.session === '') return { code: 'cmcd_session_missing', field: 'sid' }
  return closed.has(event.session) ? { code: 'cmcd_session_closed', field: 'sid' } : event
}

function take(event: TelemetryEvent, scratch: Scratch, encoder: JsonEncoder, stamp: Stamp, batch: Batch): void {
  const length = scratch.write(event.json)
  const after = encoder.encode(scratch.text, 0, length, stamp.seen === undefined ? stamp : { ...stamp, seen: unsaid(event, stamp.seen) }, batch)
  if (after === -1) batch.reject(encoder.fault)
}

/** Only what the record does not say itself. */
const unsaid = ({ saysCountry, saysAsn, saysDevice }: TelemetryEvent, seen: Seen): Seen => ({
  country: saysCountry ? NOTHING_SEEN.country : seen.country,
  asn: saysAsn ? NOTHING_SEEN.asn : seen.asn,
  device: saysDevice ? NOTHING_SEEN.device : seen.device,
})

/** Memory in which one event's JSON lies while it is encoded: read before the next one is written. */
class Scratch {
  text = new Text(Buffer.allocUnsafeSlow(8_192))

  /** Bytes written. */
  write(json: string): number {
    // UTF-8 takes three bytes a unit at most.
    if (this.text.bytes.length < 3 * json.length) this.text = new Text(Buffer.allocUnsafeSlow(6 * json.length))
    return this.text.bytes.write(json)
  }
}
