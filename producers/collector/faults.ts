/**
 * Reasons why a single event was refused. A fault is a value and is never thrown: the other events are accepted. The
 * codes are the contract of the answer's `rejected` list, documented in this module's README.
 */
export const FAULTS = {
  json_invalid: 'not valid JSON, or not one object a line',
  avro_invalid: 'the datum does not follow its schema',
  schema_unknown: 'no published version of this topic has the schema id',
  field_unknown: 'no such field in this topic',
  field_repeated: 'the field stands twice',
  field_missing: 'a required field is not there',
  field_reserved: 'only the collector sets this field',
  field_type: 'not of the type of the field',
  field_range: 'a number outside the type, or a time outside 1970 to 2200',
  field_negative: 'a counter below zero',
  field_empty: 'the message key is empty',
  field_too_long: 'longer than the field allows',
  id_invalid: 'neither a UUID nor 32 hex digits',
  clock_unknown: "not 'live', 'world' or 'replay:NAME'",
  event_too_large: 'more than 262,144 bytes once encoded',
  time_exceeds_wall: 'the time counters together exceed the time since the segment began',
  counter_exceeds_time: 'the counter exceeds what the time since the segment began allows',
  cmcd_missing: 'the request carried no CMCD, or none that can be read',
  cmcd_version: 'a CMCD version that is not known',
  cmcd_session_missing: 'no session id (sid): no telemetry',
  cmcd_time_missing: 'no time (ts): no record of event mode',
  cmcd_session_closed: 'the session was closed by the operator',
  id_reuse: 'the id was used before with another payload',
} as const

export type FaultCode = keyof typeof FAULTS

export interface Fault {
  readonly code: FaultCode
  readonly field?: string
}

/** A refused event of a request; `index` counts from 0 in the order sent. */
export interface Rejection extends Fault {
  readonly index: number
}
