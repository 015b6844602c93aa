import {
  compressAnswers,
  createServer,
  describeRoutes,
  limitRates,
  openAuth,
  serveHealth,
  type HttpServer,
} from '../platform/http/index.ts'
import type { Module, PartContext } from '../platform/module.ts'
import { module as actions } from './actions/module.ts'
import { words } from './errors.ts'
import { module as experiments } from './experiments/module.ts'
import { module as features } from './features/module.ts'
import { module as history } from './history/module.ts'
import { servePages } from './pages.ts'
import { module as qoe } from './qoe/module.ts'
import { module as sink } from './sink/module.ts'

/** What answers, in the order of the document. */
export const MODULES: readonly Module[] = [qoe, history, features, experiments, sink, actions]

/** A question to the store ends by itself after 20 s: an answer that has not begun by then is none, ms. */
const HANDLER_TIMEOUT_MS = 30_000

/** Builds the API of these modules; nothing listens yet. */
export async function buildApi(ctx: PartContext, modules: readonly Module[] = MODULES): Promise<HttpServer> {
  const { config, store, clock, logger, metrics } = ctx
  const app = createServer({
    name: 'api',
    logger,
    metrics,
    words,
    auth: openAuth(config.http.auth, clock),
    trustedProxies: config.http.trustedProxies,
    handlerTimeoutMs: HANDLER_TIMEOUT_MS,
  })
  await limitRates(app, config.http.requestsPerMinute)
  await compressAnswers(app)
  await describeRoutes(app, { title: 'playloop', description: 'Answers of the feedback loop.' })
  serveHealth(app, {
    metrics,
    async ready() {
      await store.rows('SELECT 1')
      return { status: 'ready' }
    },
  })
  for (const { routes } of modules) await routes?.(app, ctx)
  servePages(app)
  return app
}
