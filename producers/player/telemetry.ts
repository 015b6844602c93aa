import type { PlaybackTelemetryInput as Input } from '../../schemas/generated/inputs.ts'

/**
 * A record of `playback.telemetry` as a player sends it; a player always names its events. Fields equal to their
 * default are left out.
 */
export type PlaybackTelemetryInput = Input & { readonly event_id: string }

/** The same, mutable while it is built. */
export type TelemetryDraft = { -readonly [Field in keyof PlaybackTelemetryInput]: PlaybackTelemetryInput[Field] }
