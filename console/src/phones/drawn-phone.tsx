import { Video } from '../parts/video.tsx';
import { serviceName } from '../trace/words.ts';
import { WEATHERS, type Weather } from './lab.ts';
import type { Phone } from './phone.ts';

const isWeather = (name: string): name is Weather => Object.hasOwn(WEATHERS, name);

/** One phone, with the switches for what can go wrong on the way to it. */
export function DrawnPhone({ phone }: { readonly phone: Phone }) {
  const { name, provider } = phone.model;
  return (
    <section class="device" aria-label={name}>
      <h2>{name}</h2>
      <div class={`phone ${phone.screen.name} ${provider}`}>
        <div class="screen">
          <PhoneScreen phone={phone} />
        </div>
      </div>
      <label>
        <input
          type="checkbox"
          role="switch"
          aria-checked={phone.network.isOn}
          checked={phone.network.isOn}
          onChange={() => phone.turnNetwork(!phone.network.isOn)}
        />
        Network
      </label>
      <label>
        {serviceName(provider)}{' '}
        <select
          value={phone.weather}
          onChange={({ currentTarget: { value } }) => {
            if (isWeather(value)) phone.setWeather(value);
          }}
        >
          {Object.entries(WEATHERS).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}

function PhoneScreen({ phone }: { readonly phone: Phone }) {
  const { screen, network } = phone;
  const signal = <p class="signal">{network.isOn ? '4G' : 'No service'}</p>;
  switch (screen.name) {
    case 'locked':
      return (
        <>
          {signal}
          <p class="clock" aria-hidden="true">
            {new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })}
          </p>
          <p class="says" role="status">
            {screen.note ?? 'Locked. The app is closed.'}
          </p>
        </>
      );
    case 'ringing':
      return (
        <>
          {signal}
          <p class="portrait" aria-hidden="true">
            {screen.caller.slice(0, 1)}
          </p>
          <p class="says" role="status">
            <strong>{screen.caller}</strong> calls
          </p>
          <div class="buttons">
            <button type="button" class="decline" disabled={!network.isOn} onClick={() => phone.decline()}>
              Decline
            </button>
            <button type="button" class="answer" disabled={!network.isOn} onClick={() => phone.answer()}>
              Answer
            </button>
          </div>
        </>
      );
    case 'talking':
      return (
        <>
          {/* Nobody hears it, since all phones are in one room. */}
          {screen.theirs && <Video stream={screen.theirs} kind="theirs" label="Picture of the other side" />}
          <Video stream={screen.mine} kind="mine" label="Own picture" />
          {signal}
          <p class="says" role="status">
            Talking to {screen.with}
          </p>
          <div class="buttons">
            <button type="button" class="decline" disabled={!network.isOn} onClick={() => phone.hangUp()}>
              Hang up
            </button>
          </div>
        </>
      );
  }
}
