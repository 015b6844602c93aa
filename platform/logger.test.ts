import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openLogger, type LostLine } from './logger.ts'

/** A logger on a file that fails when it is told to, and takes `most` bytes at once. */
function harness(): {
  logger: ReturnType<typeof openLogger>
  lines: () => Record<string, unknown>[]
  text: () => string
  lost: LostLine[]
  disk: { fails: string; most: number; now: number }
} {
  let text = ''
  const lost: LostLine[] = []
  const disk = { fails: '', most: Infinity, now: 1_000 }
  const logger = openLogger('test', 'info', {
    lost: (why) => void lost.push(why),
    now: () => disk.now,
    write(bytes) {
      if (disk.most <= 0 || disk.fails !== '') throw Object.assign(new Error('planted'), { code: disk.fails })
      const taken = bytes.subarray(0, Math.min(bytes.length, disk.most))
      disk.most -= taken.length
      text += taken.toString()
      return taken.length
    },
  })
  const lines = (): Record<string, unknown>[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { logger, lines, text: () => text, lost, disk }
}

describe('the logger', () => {
  for (const code of ['ENOSPC', 'EIO', 'EPIPE', 'EAGAIN', 'EBADF'])
    it(`drops and counts a line that cannot be written (${code}), and never throws`, () => {
      const { logger, lines, lost, disk } = harness()
      disk.fails = code
      logger.error({ code: 'X' }, 'nobody reads this')
      logger.child({ part: 'one' }).warn('nor this')
      assert.deepEqual(lost, ['unwritten', 'unwritten'])
      disk.fails = ''
      logger.info('back')
      assert.deepEqual(
        lines().map(({ msg }) => msg),
        ['back'],
      )
    })

  it('ends a line that the full disk cut off, so that the next one stands alone', () => {
    const { logger, text, lost, disk } = harness()
    disk.most = 10
    logger.info('cut off')
    disk.most = Infinity
    logger.info('whole')
    const [torn, whole] = text().trimEnd().split('\n')
    assert.equal(torn?.length, 10)
    assert.equal((JSON.parse(whole ?? '') as { msg: string }).msg, 'whole')
    assert.deepEqual(lost, ['unwritten'])
  })

  it('writes lines of one kind twenty times in ten seconds and counts the others; other kinds pass', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] })
    const { logger, lines, lost, disk } = harness()
    for (let n = 0; n < 5_000; n++) logger.warn({ code: 'API_BUSY', path: `/${n}` }, 'a request failed')
    logger.warn({ code: 'API_OTHER' }, 'a request failed')
    assert.equal(lines().length, 21)
    assert.equal(lost.filter((why) => why === 'repeated').length, 4_980)
    disk.now += 10_000
    test.mock.timers.tick(10_000)
    assert.deepEqual(lines().at(-1)?.['repeats'], [{ line: '40 API_BUSY a request failed', times: 4_980 }])
    logger.warn({ code: 'API_BUSY' }, 'a request failed')
    assert.equal(lines().at(-1)?.['code'], 'API_BUSY')
  })
})
