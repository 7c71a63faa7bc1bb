import { type Call, Carillon } from '@carillon/client';
import { joinMedia } from '@carillon/client/media';

// A call of several: a mesh, in which everybody sends to everybody. Four is about what a laptop can do.

const url = 'http://127.0.0.1:8181';
const userId = new URLSearchParams(location.search).get('me') ?? 'alice';
const find = <Kind extends Element>(id: string) => document.querySelector<Kind>(`#${id}`) as Kind;
const callees = (): string[] => find<HTMLInputElement>('callees').value.split(/[ ,]+/);

// Your own backend gives a user their login token; the local stack gives one to everybody.
async function token(): Promise<string> {
  const answer = await fetch(`${url}/v1/api/callStreams`, { method: 'POST', body: JSON.stringify({ userId }) });
  return (await answer.json()).token;
}

/** One picture for each member. */
function show(member: string, stream: MediaStream): void {
  const video = document.getElementById(member) ?? document.createElement('video');
  Object.assign(video, { id: member, srcObject: stream, autoplay: true, playsInline: true, muted: member === userId });
  find('everybody').append(video);
}

async function talk(call: Call): Promise<void> {
  find<HTMLButtonElement>('hang-up').onclick = () => call.hangUp();
  find<HTMLButtonElement>('add').onclick = () => call.add(callees());
  call.on('change', ({ members }) =>
    find('status').replaceChildren(members.map((one) => `${one.user_id}: ${one.state}`).join(', ')),
  );
  call.on('ended', ({ reason }) => {
    find('everybody').replaceChildren();
    find('status').replaceChildren(reason);
  });
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320 } });
    show(userId, stream);
    const media = joinMedia(call, { stream });
    media.on('track', (one) => show(one.userId, one.stream));
    media.on('gone', (one) => document.getElementById(one.userId)?.remove());
  } catch (error) {
    find('status').replaceChildren(String(error)); // no camera, or the user refuses it
    await call.hangUp();
  }
}

const carillon = new Carillon({ url, token });
find<HTMLButtonElement>('ring').onclick = async () => talk(await carillon.ring(callees(), { video: true }));
carillon.on('incoming', (call) => {
  find('status').replaceChildren(`${call.snapshot.createdBy?.id} calls`);
  call.on('ended', ({ reason }) => find('status').replaceChildren(reason));
  find<HTMLButtonElement>('answer').onclick = async () => (await call.accept()).status === 'active' && talk(call);
});
carillon.on('resumable', async (call) => (await call.resume()).status === 'active' && talk(call));
await carillon.connect();
find('status').replaceChildren('connected');
