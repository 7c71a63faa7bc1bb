import { useState } from 'preact/hooks';
import { Video } from '../parts/video.tsx';
import { type Laptop, RING_TIMES } from './laptop.ts';

/** Alice's browser window. */
export function DrawnLaptop({
  laptop,
  prepare,
}: {
  readonly laptop: Laptop;
  readonly prepare: () => Promise<unknown>;
}) {
  const [isHeard, setHeard] = useState(false);
  const { says, isCalling, mine, theirs } = laptop.view;
  return (
    <section class="device" aria-label="Alice’s browser">
      <h2>Alice’s browser</h2>
      <div class="laptop">
        <div class="screen">
          {theirs && <Video stream={theirs} kind="theirs" label="Picture of the other side" isHeard={isHeard} />}
          {mine && <Video stream={mine} kind="mine" label="Own picture" />}
          {!theirs && (
            <p class="portrait" aria-hidden="true">
              Bob
            </p>
          )}
          <p class="says" role="status">
            {says}
          </p>
          <div class="buttons">
            {isCalling ? (
              <button type="button" class="decline" onClick={() => laptop.hangUp()}>
                Hang up
              </button>
            ) : (
              <button type="button" class="answer" onClick={() => prepare().then(() => laptop.ring())}>
                Call Bob
              </button>
            )}
          </div>
        </div>
      </div>
      <label>
        <input
          type="checkbox"
          role="switch"
          aria-checked={isHeard}
          checked={isHeard}
          onChange={() => setHeard(!isHeard)}
        />
        Let me hear Bob
      </label>
      <label>
        Calls ring for{' '}
        <select value={laptop.ringMs} onChange={({ currentTarget: { value } }) => laptop.setRingMs(Number(value))}>
          {RING_TIMES.map((ms) => (
            <option key={ms} value={ms}>
              {ms / 1000} seconds
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
