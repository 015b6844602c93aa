/** One file of an archive. */
export interface TarEntry {
  readonly name: string
  readonly data: Uint8Array
}

/** The fault of bytes that are not a tar archive. */
export class TarFault extends Error {}

const BLOCK = 512
const decoder = new TextDecoder()

/**
 * The regular files of a tar archive in memory (ustar, GNU long names, pax paths). Pure. Source: POSIX.1-2017 pax,
 * "ustar Interchange Format".
 */
export function* tarEntries(bytes: Uint8Array): Generator<TarEntry> {
  let longName = ''
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0;) {
    const header = bytes.subarray(at, at + BLOCK)
    checkSum(header, at)
    const size = octal(header, 124, 12)
    const data = bytes.subarray(at + BLOCK, at + BLOCK + size)
    if (data.length < size) throw new TarFault(`it is cut off ${size - data.length} bytes short`)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const type = String.fromCharCode(header[156]!)
    if (type === 'L') longName = text(data, 0, size)
    else if (type === 'x') longName = /\d+ path=(.*)\n/.exec(decoder.decode(data))?.[1] ?? ''
    else if (type === '0' || type === '\0') {
      yield { name: longName === '' ? shortName(header) : longName, data }
      longName = ''
    } else longName = ''
  }
}

function shortName(header: Uint8Array): string {
  const prefix = text(header, 257, 5) === 'ustar' && header[262] === 0 ? text(header, 345, 155) : ''
  const name = text(header, 0, 100)
  return prefix === '' ? name : `${prefix}/${name}`
}

/** The sum of the header's bytes, with its own eight counted as spaces. */
function checkSum(header: Uint8Array, at: number): void {
  let sum = 0
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!
  if (sum !== octal(header, 148, 8)) throw new TarFault(`the header at byte ${at} fails its checksum`)
}

function text(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length)
  const end = field.indexOf(0)
  return decoder.decode(end < 0 ? field : field.subarray(0, end))
}

const octal = (header: Uint8Array, at: number, length: number): number => parseInt(text(header, at, length).trim(), 8)
