/** Instructions on an empty page. */
export const HOW_TO_FILL =
  '“npm start” for the simulated world, “npm run -s playloop -- replay” for recorded data, or your own players at the collector. Or choose another clock.'
