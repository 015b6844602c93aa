import { Region, Table } from '../chart/table.tsx'
import { Section } from '../shell/parts.tsx'
import { factRows, partRow } from './facts.ts'
import type { ReducedSession } from './types.ts'

const PARTS_HEAD = [
  'segment',
  'OCA',
  'network',
  'app',
  'playing',
  'stalled',
  'media',
  'average bitrate',
  'failed requests',
  'unaccounted for',
]

/** Facts of each player start. */
export const Starts = ({ sessions }: { readonly sessions: readonly ReducedSession[] }) => (
  <div>
    <Section name="facts" wide title="How complete this is">
      <Region id="facts" label="What is known">
        <Table
          class="words"
          head={['what is known', 'value']}
          rows={sessions.flatMap((session, i) => factRows(session, sessions.length > 1 ? `Start ${i + 1}: ` : ''))}
        />
      </Region>
    </Section>
    <Section name="parts" wide title="Segments: parts on one OCA, network and version">
      <Region id="parts" label="List of segments">
        <Table head={PARTS_HEAD} rows={sessions.flatMap(({ parts }) => parts.map(partRow))} />
      </Region>
    </Section>
  </div>
)
