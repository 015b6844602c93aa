import { Region, Table } from '../chart/table.tsx'
import type { Definition } from '../shell/answers.ts'
import { NONE } from '../shell/format.ts'
import { Course } from './course.tsx'
import { Operator, type OperatorProps } from './operator.tsx'
import type { IncidentDetail } from './types.ts'
import { ACTIONS_HEAD, actionRow, EVIDENCE_HEAD, evidenceRow, factRows, titleWords } from './view.ts'

export interface DetailProps extends OperatorProps {
  readonly incident: IncidentDetail | undefined
  readonly definitions: readonly Definition[]
}

/** One incident: facts, ranked causes, its metric over time, and operators' actions. */
export const Detail = ({ incident, definitions, ...operator }: DetailProps) => (
  <section class="panel wide" id="detail" aria-labelledby="detail-title" hidden={incident === undefined}>
    <h2 id="detail-title" tabindex={-1} title={incident?.title}>
      {incident === undefined ? '' : titleWords(incident, definitions)}
    </h2>
    <Operator incident={incident} {...operator} />
    {incident !== undefined && <Known incident={incident} definitions={definitions} />}
  </section>
)

type KnownProps = Pick<DetailProps, 'definitions'> & { readonly incident: IncidentDetail }

const Known = ({ incident, definitions }: KnownProps) => (
  <>
    <div class="columns">
      <Region id="facts" label="What is known">
        <Table class="words" head={['what is known', 'value']} rows={factRows(incident)} />
      </Region>
      <Course
        key={incident.id}
        incident={incident}
        definition={definitions.find(({ id }) => id === incident.session_metric)}
      />
    </div>
    <h3>Causes, the best first</h3>
    <Region id="evidence" label="Ranked causes">
      <Table
        class="places"
        head={EVIDENCE_HEAD}
        rows={
          incident.evidence.length === 0
            ? [[NONE]]
            : incident.evidence.map((each, i) => evidenceRow(incident, each, i + 1))
        }
      />
    </Region>
    <section aria-labelledby="actions-title" hidden={incident.actions.length === 0}>
      <h3 id="actions-title">What operators said</h3>
      <Region id="said" label="List of actions">
        <Table head={ACTIONS_HEAD} rows={incident.actions.map(actionRow)} />
      </Region>
    </section>
  </>
)
