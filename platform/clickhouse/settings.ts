/**
 * Connection defaults of both engines. They keep the meaning of statements the same on both; settings that determine
 * deduplication, leases and blocks are part of the statement's own text.
 */
export const DEFAULTS: Readonly<Record<string, string | number>> = {
  // An insert returns when its rows are in parts, not when they are buffered (26.x enables buffering by default).
  async_insert: 0,
  // Return 64-bit integers as strings: a double would round them.
  output_format_json_quote_64bit_integers: 1,
  // Minutes and hours are in UTC, whatever the machine's time zone.
  session_timezone: 'UTC',
}

/**
 * Connection settings of the embedded engine, in addition to DEFAULTS. Measured on 2 cores, see README.md. A query may
 * use 256 MiB and spills to disk before that; two threads match the two cores.
 */
export const EMBEDDED_DEFAULTS: Readonly<Record<string, string | number>> = {
  ...DEFAULTS,
  max_threads: 2,
  max_memory_usage: 268_435_456,
  max_bytes_before_external_group_by: 134_217_728,
  max_bytes_before_external_sort: 134_217_728,
  // Parameters are rendered into the text, so lists of tens of thousands of keys must fit.
  max_query_size: 8_388_608,
}

/** Time limit of a read query; jobs and inserts end by themselves. */
export const QUERY_SECONDS = 60

/**
 * Server configuration of the embedded engine.
 *
 * Memory: the engine's own count stays under 600 MB, so that engine, Node and its heap stay under 1 GiB; caches are
 * small because the page cache already holds the working set of one machine.
 * Idle: asynchronous metrics once a minute (every second by default); there are no system logs in the embedded engine.
 * Merges: merging twelve parts of a size at once instead of five writes 240,000 rows of telemetry in 100 inserts 3
 * times instead of 7.5, and saves half the CPU of merging. No query plan uses column statistics, so merges do not
 * collect them.
 * Durability: fsync stays off, because Kafka keeps every event for at least seven days and is the write-ahead log. A
 * kill of the process loses nothing (the kernel has the pages); after a power cut the tables are rebuilt from the log.
 * Room: below half of the disk reserve the engine itself starts no part and no merge, should the store's own check come
 * too late.
 */
export const embeddedConfig = (reserveBytes: number): string => `<clickhouse>
  <max_server_memory_usage>600000000</max_server_memory_usage>
  <mark_cache_size>33554432</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <primary_index_cache_size>16777216</primary_index_cache_size>
  <max_thread_pool_size>256</max_thread_pool_size>
  <max_thread_pool_free_size>4</max_thread_pool_free_size>
  <asynchronous_metrics_update_period_s>60</asynchronous_metrics_update_period_s>
  <asynchronous_heavy_metrics_update_period_s>3600</asynchronous_heavy_metrics_update_period_s>
  <timezone>UTC</timezone>
  <merge_tree>
    <auto_statistics_types></auto_statistics_types>
    <merge_selector_base>12</merge_selector_base>
    <min_free_disk_bytes_to_perform_insert>${Math.floor(reserveBytes / 2)}</min_free_disk_bytes_to_perform_insert>
  </merge_tree>
</clickhouse>
`
