/** The clock that every event of the world carries. */
export const WORLD_CLOCK = 'world'
