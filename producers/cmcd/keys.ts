import { packed } from './fields.ts'
import { EVENTS, OBJECT_TYPES, STATES, STREAM_FORMATS, STREAM_TYPES } from './tokens.ts'
import { SETTERS, type Setter } from './setters.ts'
import type { CmcdKey } from './types.ts'

/** Types of values. Files on the hot path copy them into local constants, which the compiler folds. */
export const TYPE = {
  INTEGER: 0,
  DECIMAL: 1,
  STRING: 2,
  TOKEN: 3,
  BOOLEAN: 4,
  INTEGERS: 5,
  STRINGS: 6,
  OBJECTS: 7,
} as const
const { INTEGER, DECIMAL, STRING, TOKEN, BOOLEAN, INTEGERS, STRINGS, OBJECTS } = TYPE

/** Where a key may occur: with a request, in any event, or only in events of responses (`e=rr`). */
export type Mode = 'request' | 'event' | 'response'

export interface Key {
  readonly name: CmcdKey
  /** Undefined for `v`. */
  readonly set: Setter | undefined
  readonly type: number
  /** The type in version 1, which has one value where version 2 has an inner list. */
  readonly typeInV1: number
  /** Versions that define the key. */
  readonly versions: readonly (1 | 2)[]
  readonly modes: readonly Mode[]
  /** Values of a token, by their packed letters. */
  readonly tokens?: ReadonlyMap<number, string>
  /** Header shard that carries it in request mode. */
  readonly shard?: Shard
}

export const SHARDS = ['object', 'request', 'session', 'status'] as const
/** Name of a header without its prefix `CMCD-`. */
export type Shard = (typeof SHARDS)[number]

type Options = Partial<Pick<Key, 'versions' | 'modes' | 'shard' | 'typeInV1'>> & { readonly tokens?: object }

const ALWAYS: readonly Mode[] = ['request', 'event', 'response']
const IN_EVENTS: Options = { modes: ['event', 'response'] }
const IN_RESPONSES: Options = { modes: ['response'] }
const IN_V1: Options = { versions: [1, 2] }

function key(
  name: CmcdKey,
  type: number,
  shard?: Shard,
  { versions = [2], modes = ALWAYS, tokens, typeInV1 = type }: Options = {},
): Key {
  return {
    name,
    set: name === 'v' ? undefined : SETTERS[name],
    type,
    typeInV1,
    versions,
    modes,
    ...(tokens && { tokens: new Map(Object.keys(tokens).map((token) => [packed(token), token])) }),
    ...(shard && { shard }),
  }
}
const tokens = (values: object): Options => ({ ...IN_V1, tokens: values })
const LISTED_SINCE_V2: Options = { ...IN_V1, typeInV1: INTEGER }

/** Every key of both versions. Source: CTA-5004-A table 1; CTA-5004-B, reserved keys. */
export const KEYS: readonly Key[] = [
  key('ab', INTEGERS, 'object'),
  key('bg', BOOLEAN, 'status'),
  key('bl', INTEGERS, 'request', LISTED_SINCE_V2),
  key('br', INTEGERS, 'object', LISTED_SINCE_V2),
  key('bs', BOOLEAN, 'status', IN_V1),
  key('bsa', INTEGERS, 'status'),
  key('bsd', INTEGERS, 'status'),
  key('bsda', INTEGERS, 'status'),
  key('cdn', STRING, 'status'),
  key('cen', STRING, undefined, IN_EVENTS),
  key('cid', STRING, 'session', IN_V1),
  key('cmsdd', STRING, undefined, IN_RESPONSES),
  key('cmsds', STRING, undefined, IN_RESPONSES),
  key('cs', STRING, 'request'),
  key('d', INTEGER, 'object', IN_V1),
  key('dfa', INTEGER, 'request'),
  key('dl', INTEGER, 'request', IN_V1),
  key('e', TOKEN, undefined, { ...IN_EVENTS, tokens: EVENTS }),
  key('ec', STRINGS, 'status'),
  key('h', STRING, undefined, IN_EVENTS),
  key('lab', INTEGERS, 'object'),
  key('lb', INTEGERS, 'object'),
  key('ltc', INTEGER, 'request'),
  key('msd', INTEGER, 'session'),
  key('mtp', INTEGERS, 'request', LISTED_SINCE_V2),
  key('nor', OBJECTS, 'request', { ...IN_V1, typeInV1: STRING }),
  key('nr', BOOLEAN, 'status'),
  key('nrr', STRING, 'request', { versions: [1] }),
  key('ot', TOKEN, 'object', tokens(OBJECT_TYPES)),
  key('pb', INTEGERS, 'request'),
  key('pr', DECIMAL, 'status', IN_V1),
  key('pt', INTEGER, 'status'),
  key('rc', INTEGER, undefined, IN_RESPONSES),
  key('rtp', INTEGER, 'status', IN_V1),
  key('sf', TOKEN, 'session', tokens(STREAM_FORMATS)),
  key('sid', STRING, 'session', IN_V1),
  key('smrt', STRING, undefined, IN_RESPONSES),
  key('sn', INTEGER, 'request'),
  key('st', TOKEN, 'session', tokens(STREAM_TYPES)),
  key('sta', TOKEN, 'request', { tokens: STATES }),
  key('su', BOOLEAN, 'request', IN_V1),
  key('tab', INTEGERS, 'object'),
  key('tb', INTEGERS, 'object', LISTED_SINCE_V2),
  key('tbl', INTEGERS, 'request'),
  key('tpb', INTEGERS, 'object'),
  key('ts', INTEGER, undefined, IN_EVENTS),
  key('ttfb', INTEGER, undefined, IN_RESPONSES),
  key('ttfbb', INTEGER, undefined, IN_RESPONSES),
  key('ttlb', INTEGER, undefined, IN_RESPONSES),
  key('url', STRING, undefined, IN_RESPONSES),
  key('v', INTEGER, 'session', IN_V1),
]

/** Newest supported version. */
export const NEWEST_VERSION = 2

/**
 * Maximum string lengths for the encoder, characters. The decoder accepts longer ones, since only their length is
 * wrong.
 */
export const LONGEST: Readonly<Partial<Record<CmcdKey, number>>> = { sid: 64, cid: 128, cdn: 128, h: 128, cen: 64 }
/** Maximum length of a custom key's value, characters. */
export const LONGEST_CUSTOM = 64
