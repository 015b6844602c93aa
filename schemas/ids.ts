/**
 * Ids of the committed catalogue are greater than this. No registry assigns ids this high, so the two never collide.
 */
export const FIRST_CATALOGUE_ID = 1_000_000_000

export const isCatalogueId = (id: number): boolean => id > FIRST_CATALOGUE_ID
