-- One row an insert: what landed, counted by the engine itself from the block that was written.
-- It outlives the TTL of the raw rows, so the audit can still say that every offset landed once.
-- Count, sum and the xor of hashed offsets together identify a set of offsets, in whatever pieces it came.
-- Order: the audit walks one partition of the log in order of offset. No TTL: a row a second and partition is small.
CREATE TABLE IF NOT EXISTS sink_ledger_v1
(
  topic LowCardinality(String),
  partition Int32,
  min_offset Int64,
  max_offset Int64,
  rows UInt64,
  offset_sum Int64,
  offset_xor UInt64,
  received_until DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (topic, partition, min_offset)
SETTINGS non_replicated_deduplication_window = {window};

-- Poison in `dead.letters` itself stays here: a letter about a letter would never end.
-- Order: looked at by time, rarely.
CREATE TABLE IF NOT EXISTS dead_letters_local_v1
(
  partition Int32,
  offset Int64,
  error_code LowCardinality(String),
  error_message String,
  raw String,
  noticed_time DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (partition, offset)
SETTINGS non_replicated_deduplication_window = 10000;

-- Offsets that left the log before they were landed, accepted by an operator: the audit shows them, nothing hides them.
-- Order: by place.
CREATE TABLE IF NOT EXISTS sink_holes_v1
(
  topic LowCardinality(String),
  partition Int32,
  first_offset Int64,
  last_offset Int64,
  noticed_time DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (topic, partition, first_offset)
SETTINGS non_replicated_deduplication_window = 10000;
