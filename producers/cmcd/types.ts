import type { EventToken, ObjectType, StateToken, StreamFormat, StreamType } from './tokens.ts'

/** An item of an inner list of numbers: `4200;v` is `{ value: 4200, type: 'v' }`. */
export interface Listed {
  readonly value: number
  /** Object type of the item; absent if unreported. */
  readonly type?: ObjectType
}

/** An item of `nor`: a relative path, and the byte range of it that will be requested. */
export interface NextObject {
  readonly value: string
  /** As in a Range header, without its prefix: `0-100`, `100-`, `-100`. */
  readonly range?: string
}

/** A custom key's value; the standard requires strings and tokens, but players also send numbers. */
export type CustomValue = string | number | boolean

/** A custom key, which contains a hyphen, and its value. */
export interface CustomMember {
  readonly name: string
  readonly value: CustomValue
}

/**
 * A decoded CMCD record of either version; undefined means unreported. Times and durations are ms, bitrates kbit/s, all
 * whole numbers. A single number of version 1 is a list of one item here. All fields exist from the start: an object
 * that grows key by key costs ten times as much to fill (measured). Source: CTA-5004-A, CTA-5004-B.
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
  /** In the order sent; the last of a repeated key counts. */
  custom: CustomMember[] | undefined = undefined
  /** Number of members left out: a value of the wrong type for its key, or text that is not a structured field. */
  ignored = 0
}

export type CmcdKey = Exclude<keyof CmcdRecord, 'custom' | 'ignored'>

/** Values of a record to be encoded. */
export type CmcdValues = Partial<Omit<CmcdRecord, 'ignored' | 'custom'>> & {
  readonly custom?: readonly CustomMember[] | undefined
}

/** A record of an unknown version: dropped whole, as the standard requires. */
export interface UnsupportedVersion {
  readonly unsupported: number
}

export type Decoded = CmcdRecord | UnsupportedVersion

export const isSupported = (decoded: Decoded): decoded is CmcdRecord => !('unsupported' in decoded)
