/**
 * `playloop bench cmcd [--rounds N] [--ms N] [--json]`: decoding CMCD beside the reference library, on the same
 * strings;
 * then what a body costs the collector up to the bytes for the log, beside the same events as NDJSON.
 *
 * One thread; each round runs ours and the peer for some milliseconds each, in turn, and each first every other time.
 * The records differ in their sequence number and times, so that nobody reads the same string twice.
 */
import { parseArgs } from 'node:util'
import { decodeCmcd } from '@svta/cml-cmcd'
import type { TopicInputs } from '../../schemas/generated/inputs.ts'
import { Decoder, encodeRecord } from '../../producers/cmcd/index.ts'
import { pipelineCost } from './pipeline.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    ms: { type: 'string', default: '150' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const slice = Number(values.ms)
const VARIANTS = 256
const START = 1_790_000_000_000

const plain = (n: number): string =>
  `bl=(12300;v 11800;a),br=(5200;v 128;a),bsa=(2;v),bsda=(3400;v),cid="title-1234567890",d=4004,dfa=12,e=t,mtp=(24500;v),ot=v,pt=${123_000 + n},rtp=12000,sf=h,sid="6e2fb550-c457-11e9-bb97-0800200c9a66",sn=${n},st=v,sta=p,tb=(8000;v),ts=${START + 10 * n},v=2`

const event = (n: number): TopicInputs['playback.telemetry'] => ({
  event_id: `0197a3c0-7b1e-7cc3-98c4-${n.toString(16).padStart(12, '0')}`,
  clock: 'live',
  event_time: START + 60_000 + n,
  session_id: '6e2fb550-c457-11e9-bb97-0800200c9a66',
  instance: START,
  segment: 1,
  seq: n,
  session_start: START,
  segment_start: START + 20_000,
  event: 't',
  state: 'p',
  title_id: 'title-1234567890',
  profile_id: 'profile-82731',
  country: 'DE',
  region: 'DE-BE',
  asn: 3320,
  device: 'tv',
  app_version: '4.2.1',
  player: 'hls.js/1.7.4',
  oca: 'oca-ber-3',
  pathway: 'oca-ber',
  stream_type: 'v',
  stream_format: 'h',
  startup_ms: 850,
  playing_ms: 37_000 + n,
  stall_connection_ms: 1_200,
  stall_connection_count: 1,
  seek_count: 1,
  seeking_ms: 400,
  media_ms: 37_000 + n,
  bits_played: 197_136_000,
  switches_up: 3,
  switches_down: 1,
  frames_dropped: 12,
  frames_rendered: 925,
  bytes_loaded: 27_000_000,
  requests: 24,
  bitrate_kbps: 5_328,
  rendition: '1080p-5200',
  video_height: 1_080,
  player_height: 1_080,
  buffer_ms: 12_340,
  throughput_kbps: 24_500,
  playhead_ms: 57_000 + n,
  watched_from_ms: 20_000,
  title_duration_ms: 5_400_000,
})
const own = (n: number): string => encodeRecord(event(n))

const decoder = new Decoder()
const decoders = {
  ours: (text: string): unknown => decoder.decode(text),
  peer: (text: string): unknown => decodeCmcd(text),
} as const
/** What was decoded last: else the compiler might leave the work out. */
let last: unknown

/** µs of CPU a record: a machine that others use too stretches the wall clock, not this. */
function measure(decode: (text: string) => unknown, texts: readonly string[]): number {
  const [start, before] = [performance.now(), process.cpuUsage()]
  let count = 0
  for (; performance.now() - start < slice; count += texts.length) for (const text of texts) last = decode(text)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!

function compare(
  name: string,
  record: (n: number) => string,
): { name: string; bytes: number; ours: number; peer: number; ratio: number } {
  // Joined pieces of text are trees until somebody flattens them: what arrives by the network is flat.
  const texts = Array.from({ length: VARIANTS }, (_, n) => Buffer.from(record(n)).toString('latin1'))
  const seen: { ours: number[]; peer: number[]; ratio: number[] } = { ours: [], peer: [], ratio: [] }
  for (let round = -3; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)
    const took = { ours: 0, peer: 0 }
    for (const who of order) took[who] = measure(decoders[who], texts)
    if (round < 0) continue
    seen.ours.push(took.ours)
    seen.peer.push(took.peer)
    seen.ratio.push(took.peer / took.ours)
  }
  return { name, bytes: texts[0]!.length, ours: median(seen.ours), peer: median(seen.peer), ratio: median(seen.ratio) }
}

const lines = [compare('plain', plain), compare('own players', own)]
if (last === undefined) throw new Error('nothing was decoded')
const lineOf = (n: number): string => JSON.stringify(event(n))
const pipeline = pipelineCost(
  { 'cmcd, plain': plain, 'cmcd, own players': own, 'ndjson, the same events': lineOf },
  rounds,
  slice,
)
if (values.json) process.stdout.write(`${JSON.stringify({ lines, pipeline })}\n`)
else {
  for (const { name, bytes, ours, peer, ratio } of lines)
    process.stdout.write(
      `${name.padEnd(12)} ${String(bytes).padStart(5)} B  ours ${ours.toFixed(2)} us  cml-cmcd ${peer.toFixed(2)} us a record  ratio ${ratio.toFixed(1)}, ${Math.round(1e6 / ours).toLocaleString('en')} a second and core\n`,
    )
  for (const [name, micros] of Object.entries(pipeline))
    process.stdout.write(
      `body to log bytes: ${name.padEnd(24)} ${micros.toFixed(2)} us a record, ${Math.round(1e6 / micros).toLocaleString('en')} a second and core\n`,
    )
}
