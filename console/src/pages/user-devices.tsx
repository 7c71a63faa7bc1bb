import type { Device } from '#client/wire.ts';
import { api, type SeenUser } from '../api/api.ts';
import { Confirmed } from '../parts/confirmed.tsx';
import { entryOf } from '../parts/in-words.ts';
import { UserText } from '../parts/user-text.tsx';
import { When } from '../parts/when.tsx';
import { SignIcon } from '../trace/sign.tsx';

type Kind = Pick<Device, 'push_provider' | 'push_provider_name' | 'voip_token' | 'sandbox'>;

/** What a push token is, in words. */
function kindOf({ push_provider, push_provider_name, voip_token, sandbox }: Kind): string {
  const kinds = {
    apn: voip_token ? 'iPhone, PushKit (rings)' : 'iPhone, alerts only',
    firebase: 'Android, FCM',
    webpush: 'Browser, Web Push',
  };
  const more = [sandbox && 'sandbox', push_provider_name !== 'default' && `provider ${push_provider_name}`].filter(
    Boolean,
  );
  return [kinds[push_provider], ...more].join(', ');
}

/** The push tokens of a user, each with what is wrong with it. */
export function Devices({ user, changed }: { readonly user: SeenUser; readonly changed: () => Promise<void> }) {
  if (user.devices.length === 0) return <p class="facts">None is registered, so no push can wake their phones.</p>;
  return (
    <ul class="cards">
      {user.devices.map((device) => (
        <li key={device.id} class={device.failing ? 'card card-bad' : 'card'}>
          <strong>{kindOf(device)}</strong>
          <span>
            {device.hardware_id !== undefined && (
              <>
                <UserText>{device.hardware_id}</UserText>,{' '}
              </>
            )}
            {device.app_version !== undefined && (
              <>
                app <UserText>{device.app_version}</UserText>,{' '}
              </>
            )}
            token …<code>{device.id.slice(-8)}</code>
          </span>
          <span>
            refreshed <When at={device.updated_at} />, first seen <When at={device.created_at} />
          </span>
          {device.failing && (
            <span class="failing">
              <SignIcon kind="failed" size={13} /> failing since <When at={device.failing.since} />:{' '}
              <UserText>{device.failing.reason}</UserText>
            </span>
          )}
          <RemoveDevice userId={user.id} device={device} changed={changed} />
        </li>
      ))}
    </ul>
  );
}

function RemoveDevice({
  userId,
  device,
  changed,
}: {
  readonly userId: string;
  readonly device: Device;
  readonly changed: () => Promise<void>;
}) {
  const which = `…${device.id.slice(-8)}`;
  return (
    <div class="actions">
      <Confirmed
        label="Remove"
        name={`Remove ${which}`}
        yes={`Yes, remove ${which}`}
        act={async () => {
          await api.removeDevice(userId, device.id);
          await changed();
        }}
      />
    </div>
  );
}

const GONE: Readonly<Record<string, string>> = {
  moved_to_another_user: 'somebody else signed in on it',
  too_many_devices: 'the user had more than 25',
};

/** Devices that are there no more, and why: the reason for most rings that never came. */
export function RemovedDevices({ devices }: { readonly devices: SeenUser['removed_devices'] }) {
  if (devices.length === 0) return null;
  return (
    <details>
      <summary>
        {devices.length === 1 ? 'One device has gone' : `${devices.length} devices have gone`} in the last 30 days
      </summary>
      <ul class="cards">
        {devices.map((each) => (
          <li key={`${each.device} ${each.removed_at}`} class="card">
            <strong>{kindOf(each)}</strong>
            <span>
              {each.hardware_id !== undefined && (
                <>
                  <UserText>{each.hardware_id}</UserText>,{' '}
                </>
              )}
              token …<code>{each.device}</code>
            </span>
            <span>
              gone <When at={each.removed_at} />: <UserText>{reasonOf(each.reason)}</UserText>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

const reasonOf = (reason: string): string => entryOf(GONE, reason) ?? `the push service says ${reason}`;
