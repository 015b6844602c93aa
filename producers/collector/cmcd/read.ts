import {
  Decoder,
  dropQueries,
  eachLine,
  FIELDS,
  fromOwn,
  fromPlain,
  isOwn,
  isSupported,
  placeOf,
  type Decoded,
  type TelemetryValues,
} from '../../cmcd/index.ts'
import { fail } from '../errors.ts'
import type { Fault } from '../faults.ts'
import { NOTHING_SEEN, type Stamp } from '../head.ts'
import type { Reading } from '../parse/body.ts'
import { unparseable } from '../parse/json.ts'

const NO_IDS: ReadonlySet<number> = new Set()
const [SESSION, COUNTRY, ASN, DEVICE] = [placeOf('session_id'), placeOf('country'), placeOf('asn'), placeOf('device')]

/**
 * Reads lines of event mode. Each becomes the values of a telemetry event, which pass the same checks as JSON and are
 * written by the same code.
 */
export function cmcdReading(closed: ReadonlySet<string>): Reading {
  const decoder = new Decoder(FIELDS.map(({ key }) => key))
  return {
    idsNamed: () => NO_IDS,
    read(body, { values }, stamp, batch) {
      // Structured fields are ASCII: one character per byte, and any other byte makes its value invalid.
      const text = body.toString('latin1')
      let closedRecords = 0
      eachLine(body, (from, end) => {
        if (!batch.open) throw fail('COLLECTOR_TOO_MANY', { limit: batch.seen })
        const event = eventOf(decoder.decodeAt(text, body, from, end), closed)
        const fault = 'code' in event ? event : values.encode(event, stampOf(event, stamp), batch)
        if (fault === undefined) return
        if (fault.code === 'cmcd_session_closed') closedRecords++
        batch.reject(fault)
      })
      if (batch.seen === 0) throw unparseable('it is empty')
      // One record of an open session is enough to accept the body: its player must not be told to stop.
      if (closedRecords === batch.seen) throw fail('COLLECTOR_SESSION_CLOSED')
    },
  }
}

function eventOf(decoded: Decoded, closed: ReadonlySet<string>): TelemetryValues | Fault {
  if (!isSupported(decoded)) return { code: 'cmcd_version', field: 'v' }
  const own = isOwn(decoded)
  if (!own && decoded.ts === undefined) return { code: 'cmcd_time_missing', field: 'ts' }
  dropQueries(decoded)
  const values = own ? fromOwn(decoded) : fromPlain(decoded)
  const session = values[SESSION]
  if (typeof session !== 'string' || session === '') return { code: 'cmcd_session_missing', field: 'sid' }
  return closed.has(session) ? { code: 'cmcd_session_closed', field: 'sid' } : values
}

/** Only the fields that the record itself does not set. */
function stampOf(values: TelemetryValues, stamp: Stamp): Stamp {
  const { seen } = stamp
  if (seen === undefined) return stamp
  const { country, asn, device } = NOTHING_SEEN
  return {
    ...stamp,
    seen: {
      country: says(values[COUNTRY]) ? country : seen.country,
      asn: says(values[ASN]) ? asn : seen.asn,
      device: says(values[DEVICE]) ? device : seen.device,
    },
  }
}

const says = (value: string | number | undefined): boolean => value !== undefined && value !== '' && value !== 0
