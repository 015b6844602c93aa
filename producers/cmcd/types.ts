import type { EventToken, ObjectType, StateToken, StreamFormat, StreamType } from './tokens.ts'

/** An item of an inner list of numbers: `4200;v` is `{ value: 4200, type: 'v' }`. */
export interface Listed {
  readonly value: number
  /** Object type that the item speaks of; absent where the player did not say. */
  readonly type?: ObjectType
}

/** An item of `nor`: a relative path, and the byte range of it that will be asked for. */
export interface NextObject {
  readonly value: string
  /** As in a Range header, without its prefix: `0-100`, `100-`, `-100`. */
  readonly range?: string
}

/** A custom key's value; the standard wants strings and tokens, players also send numbers. */
export type CustomValue = string | number | boolean

/** A key with a hyphen, which is anybody's own, and its value. */
export interface CustomMember {
  readonly name: string
  readonly value: CustomValue
}

/**
 * A CMCD record, of either version, as it was understood; undefined = not said. Times and durations are ms, bitrates
 * kbit/s, both whole numbers. What version 1 gives as one number is a list of one item here. All fields are there from
 * the start: an object that grows key by key costs ten times as much to fill (measured). Source: CTA-5004-A,
 * CTA-5004-B.
 */
export class CmcdRecord {
  v: 1 | 2 = 1
  ab: readonly Listed[] | undefined = undefined
  bg: boolean | undefined = undefined
  bl: readonly Listed[] | undefined = undefined
  br: readonly Listed[] | undefined = undefined
  bs: boolean | undefined = undefined
  bsa: readonly Listed[] | undefined = undefined
  bsd: readonly Listed[] | undefined = undefined
  bsda: readonly Listed[] | undefined = undefined
  cdn: string | undefined = undefined
  cen: string | undefined = undefined
  cid: string | undefined = undefined
  cmsdd: string | undefined = undefined
  cmsds: string | undefined = undefined
  cs: string | undefined = undefined
  d: number | undefined = undefined
  dfa: number | undefined = undefined
  dl: number | undefined = undefined
  e: EventToken | undefined = undefined
  ec: readonly string[] | undefined = undefined
  h: string | undefined = undefined
  lab: readonly Listed[] | undefined = undefined
  lb: readonly Listed[] | undefined = undefined
  ltc: number | undefined = undefined
  msd: number | undefined = undefined
  mtp: readonly Listed[] | undefined = undefined
  nor: readonly NextObject[] | undefined = undefined
  nr: boolean | undefined = undefined
  nrr: string | undefined = undefined
  ot: ObjectType | undefined = undefined
  pb: readonly Listed[] | undefined = undefined
  pr: number | undefined = undefined
  pt: number | undefined = undefined
  rc: number | undefined = undefined
  rtp: number | undefined = undefined
  sf: StreamFormat | undefined = undefined
  sid: string | undefined = undefined
  smrt: string | undefined = undefined
  sn: number | undefined = undefined
  st: StreamType | undefined = undefined
  sta: StateToken | undefined = undefined
  su: boolean | undefined = undefined
  tab: readonly Listed[] | undefined = undefined
  tb: readonly Listed[] | undefined = undefined
  tbl: readonly Listed[] | undefined = undefined
  tpb: readonly Listed[] | undefined = undefined
  ts: number | undefined = undefined
  ttfb: number | undefined = undefined
  ttfbb: number | undefined = undefined
  ttlb: number | undefined = undefined
  url: string | undefined = undefined
  /** As they were sent; of a repeated one the last stands. */
  custom: CustomMember[] | undefined = undefined
  /** Members that were left out: a value of another type than its key's, or text that is no structured field. */
  ignored = 0
}

export type CmcdKey = Exclude<keyof CmcdRecord, 'custom' | 'ignored'>

/** Values of one record to be written. */
export type CmcdValues = Partial<Omit<CmcdRecord, 'ignored' | 'custom'>> & {
  readonly custom?: readonly CustomMember[] | undefined
}

/** A record of a version that is not known: dropped whole, as the standard demands. */
export interface UnsupportedVersion {
  readonly unsupported: number
}

export type Decoded = CmcdRecord | UnsupportedVersion

export const isSupported = (decoded: Decoded): decoded is CmcdRecord => !('unsupported' in decoded)
