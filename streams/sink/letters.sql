-- Letters that were sent through the log again, so that no one is sent twice.
-- Order: looked up by the letter. No TTL: it must outlive the letter (90 days), and a row is 16 bytes.
CREATE TABLE IF NOT EXISTS dead_letters_replayed_v1
(
  event_id FixedString(16),
  replayed_time DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY event_id
SETTINGS non_replicated_deduplication_window = 10000;
