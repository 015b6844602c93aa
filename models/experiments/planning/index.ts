export { arrivalsOf } from './arrivals.ts'
export { attributesIn, audienceOf, type Audience, type Member, type Reach } from './audience.ts'
export { detectableAfter, detectableEffect, type Comparison, type Course, type Past } from './detectable.ts'
