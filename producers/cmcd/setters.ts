import type { CmcdKey, CmcdRecord } from './types.ts'

/** Sets a key of a record to a value that was read as the key's type. */
export type Setter = (to: CmcdRecord, value: unknown) => void

/** By name, each a store of its own: storing by a computed name costs five times as much (measured). `v` decides how others are read, and is not set so. */
export const SETTERS: Readonly<Record<Exclude<CmcdKey, 'v'>, Setter>> = {
  ab: (to, value) => void (to.ab = value as never), bg: (to, value) => void (to.bg = value as never), bl: (to, value) => void (to.bl = value as never),
  br: (to, value) => void (to.br = value as never), bs: (to, value) => void (to.bs = value as never), bsa: (to, value) => void (to.bsa = value as never),
  bsd: (to, value) => void (to.bsd = value as never), bsda: (to, value) => void (to.bsda = value as never), cdn: (to, value) => void (to.cdn = value as never),
  cen: (to, value) => void (to.cen = value as never), cid: (to, value) => void (to.cid = value as never), cmsdd: (to, value) => void (to.cmsdd = value as never),
  cmsds: (to, value) => void (to.cmsds = value as never), cs: (to, value) => void (to.cs = value as never), d: (to, value) => void (to.d = value as never),
  dfa: (to, value) => void (to.dfa = value as never), dl: (to, value) => void (to.dl = value as never), e: (to, value) => void (to.e = value as never),
  ec: (to, value) => void (to.ec = value as never), h: (to, value) => void (to.h = value as never), lab: (to, value) => void (to.lab = value as never),
  lb: (to, value) => void (to.lb = value as never), ltc: (to, value) => void (to.ltc = value as never), msd: (to, value) => void (to.msd = value as never),
  mtp: (to, value) => void (to.mtp = value as never), nor: (to, value) => void (to.nor = value as never), nr: (to, value) => void (to.nr = value as never),
  nrr: (to, value) => void (to.nrr = value as never), ot: (to, value) => void (to.ot = value as never), pb: (to, value) => void (to.pb = value as never),
  pr: (to, value) => void (to.pr = value as never), pt: (to, value) => void (to.pt = value as never), rc: (to, value) => void (to.rc = value as never),
  rtp: (to, value) => void (to.rtp = value as never), sf: (to, value) => void (to.sf = value as never), sid: (to, value) => void (to.sid = value as never),
  smrt: (to, value) => void (to.smrt = value as never), sn: (to, value) => void (to.sn = value as never), st: (to, value) => void (to.st = value as never),
  sta: (to, value) => void (to.sta = value as never), su: (to, value) => void (to.su = value as never), tab: (to, value) => void (to.tab = value as never),
  tb: (to, value) => void (to.tb = value as never), tbl: (to, value) => void (to.tbl = value as never), tpb: (to, value) => void (to.tpb = value as never),
  ts: (to, value) => void (to.ts = value as never), ttfb: (to, value) => void (to.ttfb = value as never), ttfbb: (to, value) => void (to.ttfbb = value as never),
  ttlb: (to, value) => void (to.ttlb = value as never), url: (to, value) => void (to.url = value as never),
}
