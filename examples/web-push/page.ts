import { Carillon } from '@carillon/client';

const url = 'http://127.0.0.1:8181';
const userId = new URLSearchParams(location.search).get('me') ?? 'bob';
const status = (text: string) => document.querySelector('#status')?.replaceChildren(text);

// Your own backend gives a user their login token; the local stack gives one to everybody.
async function token(): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ userId });
  return (await (await fetch(`${url}/v1/api/callStreams`, { method: 'POST', headers, body })).json()).token;
}

// What the worker hands over when somebody clicks on Answer.
navigator.serviceWorker.addEventListener('message', async ({ data }) => {
  const call = await Carillon.fromPush(data, { url });
  call.on('ended', ({ reason }) => status(reason));
  status((await call.accept()).status);
});

await navigator.serviceWorker.register(`worker.js?me=${encodeURIComponent(userId)}`);
const registration = await navigator.serviceWorker.ready;
document.querySelector('#subscribe')?.addEventListener('click', async () => {
  try {
    const carillon = new Carillon({ url, token, hardwareId: `browser-of-${userId}` });
    await carillon.subscribe(registration);
    status('subscribed');
  } catch (error) {
    status(String(error));
  }
});
status('ready');
