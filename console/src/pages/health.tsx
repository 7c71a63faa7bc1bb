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
import type { MarkKind } from '../trace/mark.ts';
import { SignIcon } from '../trace/sign.tsx';

const PAUSE_MS = 60_000;

/** How the stage is doing, as far as its calls tell. */
export const HealthPage = () => (
  <Page title="Health">
    <Service />
    <h2>Pushes</h2>
    <Pushes />
    <h2>What this page cannot see</h2>
    {IS_LOCAL ? (
      <p>
        Whether calls and pushes are set up is checked from the repository: <Command tool="doctor" />. What waits in the
        queues and what the push services have received: <a href="/_local/queues">queues</a>,{' '}
        <a href="/_local/pushes">pushes</a>.
      </p>
    ) : (
      <p>
        Keys, quotas, alarms and queues are checked from the repository: <Command tool="doctor" />. What to do about an
        alarm is in the runbook.
      </p>
    )}
  </Page>
);

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
          <FindingLine key={finding.text} {...finding} />
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

const FindingLine = ({ tone, text }: Finding) => (
  <li class={`finding finding-${tone}`}>
    <SignIcon kind={SIGNS[tone]} /> {text}
  </li>
);
