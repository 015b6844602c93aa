/**
 * Runs the shim in a separate process, for tests that kill it: `node shim-main.ts DATA_DIR [PORT]`. Prints {"url",
 * "pid"} as one line when ready; ends on SIGTERM.
 */
import { openEmbedded } from './embedded.ts'
import { startShim } from './shim.ts'

const [dataDir, port = '0'] = process.argv.slice(2)
if (dataDir === undefined) throw new Error('usage: shim-main.ts DATA_DIR [PORT]')
const store = await openEmbedded({ dataDir, database: 'playloop' })
const shim = await startShim(store, Number(port))
process.stdout.write(`${JSON.stringify({ url: shim.url, pid: process.pid })}\n`)
process.once('SIGTERM', () => {
  shim
    .close()
    .then(() => store.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    )
})
