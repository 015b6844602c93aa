import { Type, type Static } from 'typebox'
import { GROUPS, type Group } from '../../streams/qoe/live/index.ts'

const Nullable = <T extends ReturnType<typeof Type.Number> | ReturnType<typeof Type.Integer>>(type: T) =>
  Type.Union([type, Type.Null()])

export const LiveQuery = Type.Object({
  clock: Type.String({
    default: 'world',
    maxLength: 64,
    description: "whose time: 'world', 'live', 'replay:…'; see /v1/clocks",
  }),
  minutes: Type.Integer({ default: 15, minimum: 1, maximum: 30 }),
  group: Type.Unsafe<Group>({ type: 'string', enum: [...GROUPS], default: 'country_oca' }),
  country: Type.Optional(Type.String({ maxLength: 2, description: 'only this country (ISO 3166-1 alpha-2)' })),
  oca: Type.Optional(Type.String({ maxLength: 128, description: 'only this OCA' })),
})
export type LiveQuestion = Static<typeof LiveQuery>

const metrics = {
  attempts: Type.Integer(),
  plays: Type.Integer(),
  'concurrent_plays:active_minute': Type.Integer(),
  ebvs: Type.Integer(),
  vsf: Type.Integer(),
  'startup:cta2066': Type.Object({
    plays: Type.Integer(),
    p50_ms: Nullable(Type.Number()),
    p95_ms: Nullable(Type.Number()),
  }),
  'rebuffer_ratio:cta2066': Nullable(Type.Number()),
  'average_bitrate:cta2066': Nullable(Type.Number()),
  errors: Type.Object({ technical: Type.Integer(), business: Type.Integer(), fatal: Type.Integer() }),
  stall_ms: Type.Integer(),
  watched_ms: Type.Integer(),
  media_ms: Type.Integer(),
  bits_played: Type.Integer(),
  unknown: Type.Integer(),
}
const MinuteAnswer = Type.Object({
  minute: Type.Integer({ description: 'start, ms of the clock' }),
  partial: Type.Boolean({ description: 'the minute is not over' }),
  total: Type.Object(metrics),
  groups: Type.Array(Type.Object({ country: Type.String(), oca: Type.String(), ...metrics })),
  other_groups: Type.Integer({
    description: 'number of groups that are summed in the last one, `(others)`: an answer has at most 6,000 groups',
  }),
})
export const LiveAnswer = Type.Object({
  clock: Type.String(),
  group: Type.String(),
  definitions: Type.Record(Type.String(), Type.String()),
  as_of: Type.Object({
    watermark: Nullable(Type.Number({ description: 'now, in the clock; null without data' })),
    received: Nullable(Type.Number({ description: 'log time of the latest record held, wall clock ms' })),
    computed: Type.Number({ description: 'wall clock ms' }),
    landed: Type.Array(Type.Object({ partition: Type.Integer(), offset: Type.Integer() }), {
      description: 'offset of each partition of playback.telemetry up to which all is held',
    }),
  }),
  left_out: Type.Object(
    {
      values: Type.Record(Type.String(), Type.Integer(), {
        description: 'by dimension, the number of values that are summed under `(others)` (asn: -1)',
      }),
      sessions: Type.Integer({ description: 'sessions, about, whose later records are missing from the minutes' }),
      records: Type.Integer({
        description: 'records of plain CMCD, about, that are too many of one session in a minute, and count as lost',
      }),
    },
    { description: 'all 0 unless clients sent more values, sessions or records than the live view holds' },
  ),
  minutes: Type.Array(MinuteAnswer),
})
export type { LiveFrame } from '../../streams/qoe/live/index.ts'

export const ClocksAnswer = Type.Object({
  clocks: Type.Array(
    Type.Object({
      clock: Type.String(),
      watermark: Type.Number({
        description:
          'now, in the clock, ms: the latest time that one in three senders reached, each counted once; of a sender, one in three of its players lately heard',
      }),
      received: Type.Number({ description: 'log time of the latest record, wall clock ms' }),
      players: Type.Integer({ description: 'players heard in the 20 s up to then' }),
    }),
  ),
})
