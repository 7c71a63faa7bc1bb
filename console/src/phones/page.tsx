import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Device } from '#client/wire.ts';
import { callPath, failureOf } from '../api/api.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Loading, Page } from '../parts/page.tsx';
import { DrawnLaptop } from './drawn-laptop.tsx';
import { DrawnPhone } from './drawn-phone.tsx';
import { lab } from './lab.ts';
import { Laptop } from './laptop.ts';
import { LiveTrace } from './live-trace.tsx';
import { type Model, Phone } from './phone.ts';
import './phones.css';

const MODELS: readonly Model[] = [
  { name: 'Bob’s Android', provider: 'firebase', hardwareId: 'android', hue: 145 },
  { name: 'Bob’s iPhone', provider: 'apn', hardwareId: 'iphone', hue: 25 },
  { name: 'Bob’s browser', provider: 'webpush', hardwareId: 'browser', hue: 195 },
];

/** The people and phones of one visit. */
interface Scene {
  readonly laptop: Laptop;
  readonly phones: readonly Phone[];
  readonly serverToken: string;
  readonly devices: readonly Device[];
}

/** Alice in a browser and Bob with two phones and a browser whose app is closed: they ring, and everything about it can go wrong. */
export function PhonesPage() {
  const [scene, setScene] = useState<Scene>();
  const [failure, setFailure] = useState<ReturnType<typeof failureOf>>();
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const opening = openScene(() => render(undefined));
    opening.then(setScene, (error) => setFailure(failureOf(error)));
    return () => void opening.then(closeScene, () => undefined);
  }, []);
  return (
    <Page title="Phones">
      <p>
        Alice has a browser; Bob has two phones and a browser. His app is closed on all of them: nothing but a push
        wakes it. Everything here is the local stack; its push services are fakes that speak the real protocols.
      </p>
      {failure && <FailureNotice failure={failure} retry={() => location.reload()} />}
      {!scene && !failure && <Loading what="the phones" />}
      {scene && (
        <>
          <StackNotice stack={scene.laptop.stack} />
          <div class="scene">
            <DrawnLaptop
              laptop={scene.laptop}
              prepare={() => Promise.all(scene.phones.map((phone) => phone.prepare()))}
            />
            {scene.phones.map((phone) => (
              <DrawnPhone key={phone.model.hardwareId} phone={phone} />
            ))}
          </div>
          <h2>What happened, and why</h2>
          <LiveTrace
            path={scene.laptop.view.cid === undefined ? undefined : callPath(scene.laptop.view.cid)}
            serverToken={scene.serverToken}
            devices={scene.devices}
          />
        </>
      )}
    </Page>
  );
}

/** Says that the local stack has gone, or that another one is in its place. */
function StackNotice({ stack }: Pick<Laptop, 'stack'>) {
  if (stack === 'there') return null;
  return (
    <div class="notice notice-bad" role="alert">
      {stack === 'away' ? (
        <p>
          <strong>No answer.</strong> The local stack has been stopped, or is too busy. This page goes on when it is
          back.
        </p>
      ) : (
        <>
          <p>
            <strong>The local stack was started anew.</strong> It knows nothing of these phones: begin with new ones.
          </p>
          <button type="button" class="outline small" onClick={() => location.reload()}>
            Reload
          </button>
        </>
      )}
    </div>
  );
}

/** New users for each visit, so that nothing is left of the one before. */
async function openScene(changed: () => void): Promise<Scene> {
  const visit = crypto.randomUUID().slice(0, 8);
  const [alice, bob] = [`alice-${visit}`, `bob-${visit}`];
  const [hers, his, serverToken] = await Promise.all([
    lab.login(alice, 'Alice'),
    lab.login(bob, 'Bob'),
    lab.serverToken(),
  ]);
  const laptop = new Laptop(hers, bob, changed);
  const phones = MODELS.map((model) => new Phone(model, bob, changed));
  const [devices] = await Promise.all([Promise.all(phones.map((phone) => phone.install(his))), laptop.connect()]);
  return { laptop, phones, serverToken, devices };
}

function closeScene({ laptop, phones }: Scene): void {
  void laptop.close();
  for (const phone of phones) phone.discard();
}
