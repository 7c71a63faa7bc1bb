import { type Call, Carillon } from '@carillon/client';
import { joinMedia } from '@carillon/client/media';

const url = 'http://127.0.0.1:8181';
const userId = new URLSearchParams(location.search).get('me') ?? 'alice';
const find = <Kind extends Element>(id: string) => document.querySelector<Kind>(`#${id}`) as Kind;

// Your own backend gives a user their login token; the local stack gives one to everybody.
async function token(): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/v1/api/callStreams`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ userId }),
  });
  return (await answer.json()).token;
}

async function talk(call: Call): Promise<void> {
  find<HTMLButtonElement>('hang-up').onclick = () => call.hangUp();
  call.on('change', ({ status }) => find('status').replaceChildren(status));
  call.on('ended', ({ reason }) => find('status').replaceChildren(reason));
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    find<HTMLVideoElement>('mine').srcObject = stream;
    joinMedia(call, { stream }).on('track', (media) => {
      find<HTMLVideoElement>('theirs').srcObject = media.stream;
    });
  } catch (error) {
    find('status').replaceChildren(String(error)); // no camera, or the user refuses it
    await call.hangUp();
  }
}

const carillon = new Carillon({ url, token });
find<HTMLButtonElement>('ring').onclick = async () =>
  talk(await carillon.ring([find<HTMLInputElement>('callee').value], { video: true }));
carillon.on('incoming', (call) => {
  find('status').replaceChildren(`${call.snapshot.createdBy?.id} calls`);
  call.on('ended', ({ reason }) => find('status').replaceChildren(reason));
  find<HTMLButtonElement>('answer').onclick = async () => (await call.accept()).status === 'active' && talk(call);
});
carillon.on('resumable', async (call) => (await call.resume()).status === 'active' && talk(call));
await carillon.connect();
find('status').replaceChildren('connected');
