import { declinePush, readPush, reportRinging } from '@carillon/client/push';

const url = 'http://127.0.0.1:8181';
// The page registers this worker in the name of whoever is logged in.
const userId = new URL(self.location.href).searchParams.get('me') ?? '';

self.addEventListener('push', (event) => event.waitUntil(show(readPush(event.data.json(), { userId }))));

async function show(pushed) {
  if (pushed.kind === 'ring') await ring(pushed);
  else if (pushed.kind === 'missed' || pushed.kind === 'stop') await silence(pushed);
}

async function ring(pushed) {
  const { ringId, callerName, video } = pushed.call;
  // A worker forgets: what it has shown tells it that the stop of this ring was faster.
  if ((await self.registration.getNotifications({ tag: ringId })).length > 0) return;
  await self.registration.showNotification(callerName, {
    tag: ringId,
    body: video ? 'Incoming video call' : 'Incoming call',
    requireInteraction: true,
    actions: [
      { action: 'answer', title: 'Answer' },
      { action: 'decline', title: 'Decline' },
    ],
    data: pushed,
  });
  await reportRinging(pushed, { url });
}

/** Takes the place of what rings, without a sound. Browsers want to see something for every push. */
async function silence({ kind, notify, call }) {
  const body = kind === 'missed' || notify ? 'Missed call' : 'The call is over';
  await self.registration.showNotification(call.callerName, { tag: call.ringId, body, silent: true });
}

self.addEventListener('notificationclick', (event) => {
  const { notification, action } = event;
  const pushed = notification.data;
  notification.close();
  if (pushed) event.waitUntil(action === 'decline' ? declinePush(pushed, { url }) : answer(pushed));
});

/** Hands the call to a page, which answers it with nothing but the push. */
async function answer(pushed) {
  const [open] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = open ?? (await self.clients.openWindow('./'));
  page.postMessage(pushed);
  await page.focus();
}
