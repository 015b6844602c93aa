import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { errorMessage } from '../../../platform/errors.ts'
import type { Title, TracePiece } from '../../player/index.ts'
import { fail } from '../errors.ts'
import { requireFile } from '../files.ts'
import { bigBuckBunny, readChunkSizes } from './title.ts'
import { tarEntries } from './tar.ts'

/** A recorded network: its throughput over time. */
export interface Trace {
  /** '3g' (HSDPA, Norway), '4g' (LTE, Belgium) or 'fcc-sd', 'fcc-hd' (fixed lines, USA). */
  readonly network: Network
  readonly name: string
  readonly pieces: readonly TracePiece[]
}

export type Network = '3g' | '4g' | 'fcc-sd' | 'fcc-hd'

export interface TraceArchive {
  readonly traces: readonly Trace[]
  readonly title: Title
}

const HINT =
  'give --from the archive of mobile traces in the form of SABRE (github.com/UMass-LIDS/sabre, example/mmsys18)'
/** Maximum unpacked size, bytes: an archive with a false size must not exhaust the memory. */
const MAX_UNPACKED = 512 * 1_048_576

/**
 * Mobile traces first, 3G and 4G mixed by their shares, so that the first n contain both; the nested FCC traces follow.
 */
export async function readArchive(path: string, withFcc: boolean): Promise<TraceArchive> {
  await requireFile(path, HINT)
  const files = unpack(path, await readFile(path))
  const sizes = files.get('bbb.json')
  if (sizes === undefined)
    throw fail('REPLAY_FILE_ODD', { path, reason: 'it holds no bbb.json (chunk sizes)', hint: HINT })
  const of = (network: Network, folder: string): Trace[] => tracesIn(files, network, folder, path)
  const mobile = evenly(of('3g', '3Glogs/'), of('4g', '4Glogs/'))
  const fixed = withFcc ? evenly(of('fcc-sd', 'sd_fs/'), of('fcc-hd', 'hd_fs/')) : []
  if (mobile.length === 0) throw fail('REPLAY_FILE_ODD', { path, reason: 'it holds no 3Glogs or 4Glogs', hint: HINT })
  return {
    traces: [...mobile, ...fixed],
    title: bigBuckBunny(readChunkSizes(json(path, 'bbb.json', sizes), `${path}: bbb.json`)),
  }
}

/** Files by their name within mmsys18/, including those of nested archives. */
function unpack(path: string, packed: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  try {
    for (const { name, data } of tarEntries(gunzipSync(packed, { maxOutputLength: MAX_UNPACKED }))) {
      if (name.endsWith('.tar.gz')) for (const [inner, bytes] of unpack(path, data)) files.set(inner, bytes)
      else files.set(name.replace(/^.*mmsys18\//, ''), data)
    }
  } catch (error) {
    throw fail('REPLAY_FILE_ODD', { path, reason: `no gzipped tar archive: ${errorMessage(error)}`, hint: HINT }, error)
  }
  return files
}

function tracesIn(files: ReadonlyMap<string, Uint8Array>, network: Network, folder: string, path: string): Trace[] {
  const names = [...files.keys()].filter((name) => name.startsWith(folder) && name.endsWith('.json')).sort()
  return names.map((name) => ({
    network,
    name: name.slice(folder.length, -'.json'.length),
    pieces: readPieces(json(path, name, files.get(name)!), `${path}: ${name}`),
  }))
}

function json(path: string, name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown
  } catch (error) {
    throw fail('REPLAY_FILE_ODD', { path: `${path}: ${name}`, reason: errorMessage(error), hint: HINT }, error)
  }
}

/** `[{duration_ms, bandwidth_kbps, latency_ms}]`. */
function readPieces(value: unknown, path: string): TracePiece[] {
  const list = Array.isArray(value) ? (value as Record<string, unknown>[]) : []
  const pieces = list.map((piece) => ({
    durationMs: Number(piece['duration_ms']),
    kbps: Number(piece['bandwidth_kbps']),
    latencyMs: Number(piece['latency_ms']),
  }))
  const sound = pieces.every(({ durationMs, kbps, latencyMs }) => durationMs >= 0 && kbps >= 0 && latencyMs >= 0)
  if (pieces.length === 0 || !sound)
    throw fail('REPLAY_FILE_ODD', {
      path,
      reason: 'it is no list of duration_ms, bandwidth_kbps, latency_ms',
      hint: HINT,
    })
  return pieces
}

/** Merges both lists, each in its own order and spread over the whole. */
export function evenly<T>(a: readonly T[], b: readonly T[]): T[] {
  const placed = [a, b].flatMap((list) => list.map((item, i) => ({ item, place: (i + 0.5) / list.length })))
  return placed.sort((x, y) => x.place - y.place).map(({ item }) => item)
}
