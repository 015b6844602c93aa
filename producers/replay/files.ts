import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { errorMessage } from '../../platform/errors.ts'
import { fail } from './errors.ts'

/** Reads data files in bounded memory. */

export interface LineFile {
  readonly path: string
  /** Lines without their line ends, one chunk of the file at a time; a name that ends in .gz is decompressed. */
  chunks(): AsyncGenerator<string[]>
  /** Share of the file read so far, 0 to 1. */
  readonly fraction: () => number
}

export function lineFile(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): LineFile {
  let [read, size] = [0, 1]
  async function* chunks(): AsyncGenerator<string[]> {
    size = Math.max(1, (await requireFile(path)).size)
    const raw = createReadStream(path, { highWaterMark: 65_536 })
    const stream = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw
    raw.on('data', (bytes) => (read += bytes.length))
    raw.on('error', (error) => stream.destroy(error))
    stream.setEncoding(encoding)
    let rest = ''
    try {
      for await (const text of stream as AsyncIterable<string>) {
        const lines = (rest + text).split(/\r?\n/)
        rest = lines.pop()!
        if (lines.length > 0) yield lines
      }
    } catch (error) {
      throw fail(
        'REPLAY_FILE_ODD',
        { path, reason: errorMessage(error), hint: 'fetch the file again: it is cut off or is no gzip' },
        error,
      )
    } finally {
      raw.destroy()
    }
    if (rest !== '') yield [rest]
  }
  return { path, chunks, fraction: () => Math.min(1, read / size) }
}

/** All lines of a small file. */
export async function readLines(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string[]> {
  const lines: string[] = []
  for await (const chunk of lineFile(path, encoding).chunks()) lines.push(...chunk)
  return lines
}

/** Size of a required file. */
export async function requireFile(path: string, hint = 'check the path given with --from'): Promise<{ size: number }> {
  try {
    const found = await stat(path)
    if (found.isFile()) return { size: found.size }
  } catch (error) {
    throw fail('REPLAY_FILE_MISSING', { path, hint }, error)
  }
  throw fail('REPLAY_FILE_MISSING', { path, hint: `${path} must be a file. ${hint}` })
}

export const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

const SAMPLE_BYTES = 65_536

/** Identifies data: a hash over size, beginning and end of each file and over `extra`. */
export async function fingerprint(paths: readonly string[], extra = ''): Promise<string> {
  const hash = createHash('sha256').update(extra)
  for (const path of paths) {
    const { size } = await requireFile(path)
    const file = await open(path)
    try {
      for (const at of [0, Math.max(0, size - SAMPLE_BYTES)]) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, at)
        hash.update(`${size}/`).update(buffer.subarray(0, bytesRead))
      }
    } finally {
      await file.close()
    }
  }
  return hash.digest('hex').slice(0, 32)
}

/** The whole number in a field; otherwise throws an error that names its line. */
export function wholeNumber(
  text: string | undefined,
  where: { path: string; line: number; form: string; text: string },
): number {
  if (text === undefined || !/^\d{1,15}$/.test(text))
    throw fail('REPLAY_LINE_ODD', { ...where, text: where.text.slice(0, 100) })
  return Number(text)
}
