import assert from 'node:assert/strict'
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import { openLogFile, rotateLog } from './log-file.ts'

describe('the log file of a process', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'playloop-log-'))
  after(() => rmSync(dir, { recursive: true }))

  it('is emptied when it is too large, under the process that writes it; the lines before stand in FILE.1', () => {
    const file = path.join(dir, 'logs', 'store.log')
    const open = openLogFile(file)
    writeSync(open, 'x'.repeat(100))
    rotateLog(file, 100)
    assert.equal(readFileSync(file, 'utf8').length, 100)
    writeSync(open, 'y')
    rotateLog(file, 100)
    writeSync(open, 'after')
    closeSync(open)
    assert.equal(readFileSync(file, 'utf8'), 'after')
    assert.equal(readFileSync(`${file}.1`, 'utf8').length, 101)
    const again = openLogFile(file)
    writeSync(again, ' a restart')
    closeSync(again)
    assert.equal(readFileSync(file, 'utf8'), 'after a restart')
  })

  it('that cannot be copied loses its old lines, no more', () => {
    const file = path.join(dir, 'full.log')
    writeFileSync(file, 'x'.repeat(200))
    mkdirSync(`${file}.1`)
    rotateLog(file, 100)
    appendFileSync(file, 'z')
    assert.equal(readFileSync(file, 'utf8'), 'z')
  })

  it('that cannot be opened leaves the process without a log', () => {
    writeFileSync(path.join(dir, 'a file'), '')
    const open = openLogFile(path.join(dir, 'a file', 'store.log'))
    writeSync(open, 'thrown away')
    closeSync(open)
  })
})
