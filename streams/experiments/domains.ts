import type { TouchedDomain } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { profileDay } from './profile-day.ts'

/** The domains of this module that are recomputed by touched keys. */
export const domains: readonly TouchedDomain[] = [unitExposure, profileDay]
