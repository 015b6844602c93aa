import { DATA_FLAG } from '../../platform/cli/flags.ts'
import type { Command } from '../../platform/module.ts'
import { fail } from '../../platform/cli/errors.ts'

// Modules that use the log and the store are imported when a command runs, so `help` stays fast.

export const deadLettersCommand: Command = {
  summary: 'sends what could not be taken through the log again',
  usage: 'replay [--topic T] [--code C] [--data DIR]',
  flags: {
    topic: { type: 'string', hint: 'T', doc: 'only dead letters of this topic' },
    code: { type: 'string', hint: 'C', doc: 'only dead letters with this error code' },
    data: DATA_FLAG,
  },
  words: { least: 1, most: 1 },
  async run(args, _raw, { open, withLocalData }) {
    if (args.words[0] !== 'replay')
      throw fail('CLI_USAGE', {
        fault: `playloop dead-letters: there is no "${args.words[0]}"`,
        next: 'playloop dead-letters replay',
      })
    const { replayDeadLetters } = await import('./replay.ts')
    const [topic, code] = [args.text('topic'), args.text('code')]
    const choice = { ...(topic !== undefined && { topic }), ...(code !== undefined && { code }) }
    const replayed = await withLocalData(open('dead-letters', args.text('data')), (ctx, store) =>
      replayDeadLetters(ctx, { store, choice }),
    )
    console.log(JSON.stringify(replayed))
    return 0
  },
}

export const gapsCommand: Command = {
  summary: 'shows and accepts offsets that left the log before they were landed',
  usage: '[accept] [--data DIR]',
  flags: { data: DATA_FLAG },
  words: { least: 0, most: 1 },
  details:
    '  A partition with a gap waits (KAFKA_OFFSET_OUT_OF_RANGE) until somebody says that what is gone is gone. `accept` writes\n  the gap into the ledger, where the audit shows it, and lets the partition go on where the log begins. Stop playloop first.',
  async run(args, _raw, { open, withLocalData }) {
    const [word] = args.words
    if (word !== undefined && word !== 'accept')
      throw fail('CLI_USAGE', {
        fault: `playloop gaps: there is no "${word}"`,
        next: 'playloop gaps, or playloop gaps accept',
      })
    const { showGaps } = await import('./gaps.ts')
    const found = await withLocalData(open('gaps', args.text('data')), (ctx, store) =>
      showGaps(ctx, store, { accept: word === 'accept', print: (line) => console.log(line) }),
    )
    return found === 0 || word === 'accept' ? 0 : 1
  },
}
