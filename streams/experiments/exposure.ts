import type { TouchedDomain } from '../touched/index.ts'

/**
 * A unit's first exposure to an experiment: first by event time, then by event id, whatever the order in the log. An
 * earlier exposure that arrives late causes another recomputation and corrects the unit.
 *
 * - first_ms: time of the exposure, ms of the clock; outcomes before it do not belong to the experiment;
 * - phase, variation: those of the first exposure. Outcomes, counts and SRM are kept apart by phase and variation, so
 *   that a ramp pools nothing;
 * - multiple: the unit was exposed to other variations in that phase, so it is excluded from all of them. A new phase
 *   may hash differently, which makes no unit multiple;
 * - exposed: 0 if no exposure is left;
 * - country, device, asn, app_version: those at the first exposure. Only pre-treatment values may slice its effect.
 *
 * Forced variations and units that were evaluated but not enrolled are not exposures.
 */
export const unitExposure: TouchedDomain = {
  name: 'unit_exposure',
  version: 2,
  topic: 'experiment.exposures',
  touches: "e.in_experiment AND NOT e.forced AND e.experiment_id != '' AND e.unit_id != ''",
  keys: [
    { name: 'clock', type: 'LowCardinality(String)', from: 'e.clock' },
    { name: 'experiment_id', type: 'LowCardinality(String)', from: 'e.experiment_id' },
    { name: 'unit_type', type: 'LowCardinality(String)', from: 'e.unit_type' },
    { name: 'unit_id', type: 'String', from: 'e.unit_id' },
  ],
  orderReason: 'a scorecard reads all units of one experiment; an outcome finds its unit among them by id',
  facts: [
    { name: 'phase', type: 'Int32', from: 'e.phase' },
    { name: 'variation', type: 'Int32', from: 'e.variation' },
    { name: 'country', type: 'LowCardinality(String)', from: 'e.country' },
    { name: 'device', type: 'LowCardinality(String)', from: 'e.device' },
    { name: 'asn', type: 'Int32', from: 'e.asn' },
    { name: 'app_version', type: 'LowCardinality(String)', from: 'e.app_version' },
  ],
  values: [
    { name: 'first_ms', type: 'Int64' },
    { name: 'phase', type: 'Int32' },
    { name: 'variation', type: 'Int32' },
    { name: 'multiple', type: 'UInt8' },
    { name: 'exposed', type: 'UInt8' },
    { name: 'country', type: 'LowCardinality(String)' },
    { name: 'device', type: 'LowCardinality(String)' },
    { name: 'asn', type: 'Int32' },
    { name: 'app_version', type: 'LowCardinality(String)' },
  ],
  recompute: `
    SELECT clock, experiment_id, unit_type, unit_id, least.1 AS first_ms, least.3 AS phase, least.4 AS variation,
      toUInt8(arrayCount(each -> each.1 = least.3, met) > 1) AS multiple, toUInt8(length(met) > 0) AS exposed,
      least.5 AS country, least.6 AS device, least.7 AS asn, least.8 AS app_version, weights AS version
    FROM (
      SELECT clock, experiment_id, unit_type, unit_id,
        minIf((at_ms, event_id, e.phase, e.variation, toString(e.country), toString(e.device), e.asn, toString(e.app_version)), live) AS least,
        groupUniqArrayIf((e.phase, e.variation), live) AS met, sum(e.weight) AS weights
      FROM {events} AS e GROUP BY clock, experiment_id, unit_type, unit_id
    )`,
  shown: 'exposed = 1',
  least: { at: 'first_ms', group: 'phase', mark: 'variation', several: 'multiple' },
}
