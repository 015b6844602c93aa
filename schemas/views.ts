import { landingTable } from './topics.ts'

/**
 * The current catalogue: the highest version of every title, and of equal versions the later record, as in compaction.
 * `LIMIT 1 BY` reads in the table's own order (title_id, version).
 */
export const CATALOG_LATEST = `CREATE VIEW IF NOT EXISTS catalog_titles_latest AS
SELECT * FROM ${landingTable('catalog.titles')}
ORDER BY title_id ASC, version DESC, _offset DESC
LIMIT 1 BY title_id`

/** Plain views over landing tables: they store nothing, so they may be replaced at any time. */
export const VIEWS: readonly string[] = [CATALOG_LATEST]
