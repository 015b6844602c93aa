import type { Command } from '../cli.ts'
import { fail } from '../errors.ts'

export const command: Command = {
  summary: 'sends what could not be taken through the log again',
  usage: 'replay [--topic T] [--code C] [--data DIR]',
  flags: {
    topic: { type: 'string', hint: 'T', doc: 'only letters of this topic' },
    code: { type: 'string', hint: 'C', doc: 'only letters with this error code' },
    data: { type: 'string', hint: 'DIR', doc: 'data folder (.playloop)' },
  },
  words: { least: 1, most: 1 },
  async run(args) {
    if (args.words[0] !== 'replay')
      throw fail('CLI_USAGE', {
        fault: `playloop dead-letters: there is no "${args.words[0]}"`,
        next: 'playloop dead-letters replay',
      })
    const data = args.text('data')
    // The engine and the broker's client are loaded when they are used: help must not wait for them.
    const [{ openContext }, { withLocalData }, { replayDeadLetters }] = await Promise.all([
      import('../context.ts'),
      import('../local.ts'),
      import('../../streams/sink/replay.ts'),
    ])
    const [topic, code] = [args.text('topic'), args.text('code')]
    const ctx = openContext('dead-letters', data === undefined ? process.env : { ...process.env, PLAYLOOP_DATA: data })
    console.log(
      JSON.stringify(
        await withLocalData(ctx, (inner, store) =>
          replayDeadLetters(inner, {
            store,
            choice: { ...(topic !== undefined && { topic }), ...(code !== undefined && { code }) },
          }),
        ),
      ),
    )
    return 0
  },
}
