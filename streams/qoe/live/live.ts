import { service } from '../../../platform/services.ts'
import type { LiveService } from './service.ts'

/** The live view of this process. */
export const LIVE = service<LiveService>('qoe.live')
