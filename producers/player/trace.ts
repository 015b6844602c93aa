/**
 * Networks from throughput traces: piecewise constant bandwidth and latency, as in SABRE's traces (UMass-LIDS/sabre).
 */
import type { Network, Transfer } from './types.ts'

/** One piece: for `durationMs` the path carries `kbps` with a round trip of `latencyMs`. 0 kbit/s is an outage. */
export interface TracePiece {
  readonly durationMs: number
  readonly kbps: number
  readonly latencyMs: number
}

/** A network that repeats a trace from `startAt` on; all OCAs have the same bandwidth and latency. */
export function traceNetwork(trace: readonly TracePiece[], startAt: number): Network {
  const pieces = trace.filter(({ durationMs }) => durationMs > 0)
  const starts: number[] = []
  let length = 0
  for (const { durationMs } of pieces) {
    starts.push(length)
    length += durationMs
  }
  const carries = pieces.some(({ kbps }) => kbps > 0)
  return {
    request: (_oca, at, bytes) =>
      carries
        ? follow(pieces, starts, length, startAt, at, bytes)
        : { status: 0, firstByteAt: Infinity, doneAt: Infinity },
  }
}

function follow(
  pieces: readonly TracePiece[],
  starts: readonly number[],
  length: number,
  startAt: number,
  at: number,
  bytes: number,
): Transfer {
  const phase = (time: number): number => (((time - startAt) % length) + length) % length
  let index = pieceAt(starts, phase(at))
  const firstByteAt = Math.ceil(at + pieces[index]!.latencyMs)
  index = pieceAt(starts, phase(firstByteAt))
  let bits = bytes * 8
  let time = firstByteAt
  let left = starts[index]! + pieces[index]!.durationMs - phase(firstByteAt)
  // kbit/s equals bits per ms.
  while (bits > pieces[index]!.kbps * left) {
    bits -= pieces[index]!.kbps * left
    time += left
    index = (index + 1) % pieces.length
    left = pieces[index]!.durationMs
  }
  return { status: 200, firstByteAt, doneAt: Math.ceil(time + bits / Math.max(pieces[index]!.kbps, 1e-9)) }
}

/** The last piece that starts at or before `phase`. */
function pieceAt(starts: readonly number[], phase: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= phase) low = middle
    else high = middle - 1
  }
  return low
}
