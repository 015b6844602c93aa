import { detection } from '../models/detect/module.ts'
import { LIVE } from '../streams/qoe/live/live.ts'

/** The modules of a running system, one per line; `composition.ts` orders and composes them. */
export { api } from '../api/module.ts'
export { actions } from '../api/actions/module.ts'
export { experimentsApi } from '../api/experiments/module.ts'
export { features } from '../api/features/module.ts'
export { flags } from '../api/flags/module.ts'
export { history } from '../api/history/module.ts'
export { pages } from '../api/pages/module.ts'
export { qoeApi } from '../api/qoe/module.ts'
export { sinkApi } from '../api/sink/module.ts'
export { webhooks } from '../api/webhooks/module.ts'
export { definitions } from '../models/experiments/module.ts'
export { collector } from '../producers/collector/module.ts'
export { replay } from '../producers/replay/module.ts'
export { simulator } from '../producers/simulator/module.ts'
export { audit } from '../streams/audit/module.ts'
export { experiments } from '../streams/experiments/module.ts'
export { popularity } from '../streams/popularity/module.ts'
export { qoe } from '../streams/qoe/module.ts'
export { rebuild } from '../streams/rebuild/module.ts'
export { sink } from '../streams/sink/module.ts'
export { touched } from '../streams/touched/module.ts'

/** Detection reads the minutes of the live view. */
export const detect = detection(LIVE)
