/** Durations in ms. They are defined in schemas/, which imports nothing. */
export { DAY_MS, HOUR_MS, MINUTE_MS } from '../schemas/time.ts'
