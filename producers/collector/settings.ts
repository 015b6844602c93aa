import type { HttpSettings } from '../../platform/http/settings.ts'
import { integer, list, port, settings, shortList, text, type ValuesOf } from '../../platform/settings.ts'

/** A longer list is a mistake: every record is looked up in it. */
const MAX_CLOSED_SESSIONS = 1_000

export const COLLECTOR = settings('Collector', {
  port: port('PLAYLOOP_COLLECTOR_PORT', 8081, 'Port of the collector; 0 takes any free one.'),
  maxBodyBytes: integer(
    'PLAYLOOP_MAX_BODY',
    1_024,
    67_108_864,
    1_048_576,
    'Largest request body as it arrives, bytes.',
  ),
  maxInflatedBytes: integer(
    'PLAYLOOP_MAX_INFLATED',
    1_024,
    268_435_456,
    8_388_608,
    'Largest request body once decompressed, bytes.',
  ),
  maxEvents: integer('PLAYLOOP_MAX_EVENTS', 1, 100_000, 2_000, 'Most events in one request.'),
  maxInflightBytes: integer(
    'PLAYLOOP_MAX_INFLIGHT',
    65_536,
    1_073_741_824,
    33_554_432,
    "Bytes not yet acknowledged by Kafka past which requests are answered 503. It bounds the collector's memory.",
  ),
  corsOrigins: list(
    'PLAYLOOP_CORS_ORIGINS',
    '*',
    'Exact origins that browsers may send from, separated by commas; `*` is any.',
  ),
  ingestKeys: list(
    'PLAYLOOP_INGEST_KEYS',
    '',
    'Keys that producers must present, separated by commas: `KEY`, or `KEY@topic+topic` for some topics only. Unset: open to everybody, for development.',
  ),
  duplicateCacheSize: integer(
    'PLAYLOOP_DUPLICATE_CACHE',
    0,
    10_000_000,
    200_000,
    'Event ids the collector remembers, 28 bytes each. It saves work; nothing relies on it.',
  ),
  countryFile: text(
    'PLAYLOOP_MMDB_COUNTRY',
    '',
    'MMDB file from which CMCD records without a country get one, in a column of its own. Unset: the file that comes with playloop (CC0, ip-location-db); `none`: no look-up. The address itself is kept nowhere.',
  ),
  asnFile: text(
    'PLAYLOOP_MMDB_ASN',
    '',
    'The same for the autonomous system (GeoLite2-ASN and the like). Unset: no look-up.',
  ),
  closedSessions: shortList(
    'PLAYLOOP_CMCD_CLOSED',
    MAX_CLOSED_SESSIONS,
    'session ids',
    'CMCD session ids, separated by commas, at most 1,000: a request of such sessions alone is answered 410, which tells a player to stop reporting for the session.',
  ),
})

/** Includes the settings that all servers share. */
export type CollectorConfig = ValuesOf<typeof COLLECTOR> & Pick<HttpSettings, 'trustedProxies'>
