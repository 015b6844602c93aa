import type { TouchedDomain } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { profileDay } from './profile-day.ts'

/** What this module has recomputed by touched keys. */
export const domains: readonly TouchedDomain[] = [unitExposure, profileDay]
