import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Gives a small file its content: whole, or not at all. Writing in place would leave an empty file on a full disk, which
 * nothing can start from again. A file that has the content already is not touched, so it needs no room.
 */
export function replaceFile(file: string, content: string): void {
  if (read(file) === content) return
  const draft = `${file}.${process.pid}.new`
  try {
    writeFileSync(draft, content)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
