import { errorTable } from '../../platform/errors.ts'

export const fail = errorTable({
  SINK_INTENT_FOREIGN: {
    status: 500,
    message: '{topic}/{partition} has an open intent that this version cannot read: {metadata}',
    next: 'start the version that wrote it, let it drain, then start this one',
  },
  SINK_COLUMN_UNKNOWN: {
    status: 500,
    message: 'schema {schemaId} of {topic} does not fit its table: {reason}',
    next: 'migrate the table (start the version that brings the column); the partition waits, nothing is dropped',
  },
  SINK_TABLE_STALLED: {
    status: 503,
    message:
      '{topic}/{partition} waits: a batch of partition {stuck} has not landed for {seconds} s, and the table would forget its token',
    next: 'mend what partition {stuck} waits for (the log says what); all go on by themselves then',
  },
  SINK_OFFSETS_LOST: {
    status: 500,
    message:
      'group {group} has no offset of {places}, but the store holds their rows: landing them again would count them twice',
    next: 'start with the group that landed them (PLAYLOOP_SINK_GROUP) and the broker data they came from, or with an empty store',
  },
  SINK_DDL_OPEN_INTENT: {
    status: 500,
    message: 'the tables are about to change ({migrations}) while batches are open: {partitions}',
    next: 'start the previous version until it has drained, then this one',
  },
  SINK_WINDOW_SMALL: {
    status: 500,
    message: 'table {table} remembers {window} tokens, {needed} are needed',
    next: 'raise non_replicated_deduplication_window, or have fewer partitions or inserts',
  },
})
