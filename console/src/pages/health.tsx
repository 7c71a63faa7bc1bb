import type { ComponentChildren } from 'preact';
import type { Checkup } from '#client/wire.ts';
import { api } from '../api/api.ts';
import { readStage, type StageFile } from '../api/stage.ts';
import { usePolled } from '../api/use-polled.ts';
import { AcceptanceChart, SpeedChart } from '../health/charts.tsx';
import { type Finding, findingsOf } from '../health/findings.ts';
import { HOURS, MOST_CALLS, readSample } from '../health/sample.ts';
import { Command, IS_LOCAL } from '../parts/command.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { inWords } from '../parts/in-words.ts';
import { Loading, Page } from '../parts/page.tsx';
import { useAct } from '../parts/use-act.ts';
import { UserText } from '../parts/user-text.tsx';
import { When } from '../parts/when.tsx';
import type { MarkKind } from '../trace/mark.ts';
import { SignIcon } from '../trace/sign.tsx';
import { duration } from '../trace/words.ts';

const MINUTE_MS = 60_000;
const PAUSE_MS = MINUTE_MS;

/** How the stage is doing, as far as the doctor and its calls tell. */
export const HealthPage = () => (
  <Page title="Health">
    <h2>What the doctor found</h2>
    <Doctor />
    <h2>Service</h2>
    <Service />
    <h2>Pushes</h2>
    <Pushes />
    <h2>What this page cannot see</h2>
    {IS_LOCAL ? (
      <p>
        What waits in the queues and what the push services have received: <a href="/_local/queues">queues</a>,{' '}
        <a href="/_local/pushes">pushes</a>.
      </p>
    ) : (
      <p>What waits in the queues is on the dashboard. What to do about an alarm is in the runbook.</p>
    )}
  </Page>
);

function Doctor() {
  const { data, failure, refresh } = usePolled(api.checkup, () => PAUSE_MS);
  if (!data)
    return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="what the doctor found" />;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      {data.at === undefined ? (
        <p>
          Nobody has run it so far. From the repository, it checks the account, the secrets and the push services:{' '}
          <Command tool="doctor" />
        </p>
      ) : (
        <Found {...data} at={data.at} />
      )}
    </>
  );
}

const Found = ({ findings, at, by }: Checkup & { readonly at: string }) => (
  <>
    <p class="facts">
      Checked on <When at={at} full />{' '}
      {by !== undefined && (
        <>
          by <UserText>{by}</UserText>
        </>
      )}{' '}
      ({ago(at)}). To check again: <Command tool="doctor" />
    </p>
    <ul class="findings">
      {findings
        .toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state))
        .map(({ state, about, says }) => (
          <FindingLine key={`${about} ${says}`} tone={TONES[state]}>
            <strong>{LABELS[state]}</strong> <UserText>{about}</UserText>: <UserText>{says}</UserText>
          </FindingLine>
        ))}
    </ul>
  </>
);

type State = Checkup['findings'][number]['state'];

/** What is to be done comes first. */
const STATES: readonly State[] = ['fix', 'note', 'good'];
const LABELS: Readonly<Record<State, string>> = { fix: 'Fix', note: 'Note', good: 'OK' };
const TONES: Readonly<Record<State, Finding['tone']>> = { fix: 'bad', note: 'warn', good: 'good' };

/** How long ago that was, by the clock of whoever looks. */
function ago(at: string): string {
  const ms = Date.now() - Date.parse(at);
  return ms < MINUTE_MS ? 'just now' : `${duration(ms)} ago`;
}

function Service() {
  const { data, failure, refresh } = usePolled(
    async () => {
      const asked = performance.now();
      const health = await api.health();
      return { ...health, ms: performance.now() - asked, stage: await readStage() };
    },
    () => PAUSE_MS,
  );
  if (!data)
    return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="the state of the service" />;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <p class="verdict">
        <span class="status status-active">
          <SignIcon kind="answered" size={13} /> {data.status}
        </span>
        <span>
          Carillon {data.version}
          {IS_LOCAL ? ', the local stack' : data.stage && `, stage ${data.stage.stage} in ${data.stage.region}`},
          answers in {Math.round(data.ms)} ms
        </span>
      </p>
      {data.stage && !IS_LOCAL && <Links stage={data.stage} />}
    </>
  );
}

const NAMES: Readonly<Record<string, string>> = { dashboard: 'Dashboard', logs: 'Logs', runbook: 'Runbook' };

const Links = ({ stage: { links } }: { readonly stage: StageFile }) => (
  <ul class="links">
    {Object.entries(links).map(([name, address]) => (
      <li key={name}>
        <a href={address} target="_blank" rel="noreferrer noopener">
          {inWords(NAMES, name)}
        </a>
      </li>
    ))}
  </ul>
);

function Pushes() {
  const { data, failure, refresh } = usePolled(
    () => readSample(Date.now()),
    () => PAUSE_MS,
  );
  const { isBusy, run: lookAgain } = useAct(refresh);
  if (!data) return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="the latest calls" />;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <p class="facts">
        {data.calls === MOST_CALLS ? `The newest ${MOST_CALLS} calls` : `All ${data.calls} calls`} of the last {HOURS}{' '}
        hours.{' '}
        <button type="button" class="outline small" aria-busy={isBusy} onClick={lookAgain}>
          Look again
        </button>
      </p>
      <ul class="findings">
        {findingsOf(data).map((finding) => (
          <FindingLine key={finding.text} tone={finding.tone}>
            {finding.text}
          </FindingLine>
        ))}
      </ul>
      {data.calls > 0 && (
        <div class="charts">
          <AcceptanceChart sample={data} />
          <SpeedChart sample={data} />
        </div>
      )}
    </>
  );
}

const SIGNS: Readonly<Record<Finding['tone'], MarkKind>> = { good: 'answered', warn: 'unreachable', bad: 'failed' };

const FindingLine = ({ tone, children }: Pick<Finding, 'tone'> & { readonly children: ComponentChildren }) => (
  <li class={`finding finding-${tone}`}>
    <SignIcon kind={SIGNS[tone]} /> {children}
  </li>
);
