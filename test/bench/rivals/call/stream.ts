import { type Call, StreamVideoClient } from '@stream-io/video-client';

const apiKey = 'the key of your app at Stream';
const userId = new URLSearchParams(location.search).get('me') ?? 'alice';
const find = <Kind extends Element>(id: string) => document.querySelector<Kind>(`#${id}`) as Kind;

// Your own backend gives a user their token.
async function tokenProvider(): Promise<string> {
  const answer = await fetch(`/token?user=${userId}`);
  return await answer.text();
}

function talk(call: Call): void {
  find<HTMLButtonElement>('hang-up').onclick = () => call.endCall();
  call.state.callingState$.subscribe((state) => find('status').replaceChildren(state));
  call.camera.state.mediaStream$.subscribe((stream) => {
    find<HTMLVideoElement>('mine').srcObject = stream ?? null;
  });
  call.state.remoteParticipants$.subscribe(([other]) => {
    if (!other) return;
    call.bindVideoElement(find('theirs'), other.sessionId, 'videoTrack');
    call.bindAudioElement(new Audio(), other.sessionId);
  });
}

const client = new StreamVideoClient({ apiKey, user: { id: userId }, tokenProvider });
find<HTMLButtonElement>('ring').onclick = async () => {
  const call = client.call('default', crypto.randomUUID());
  const members = [userId, find<HTMLInputElement>('callee').value].map((user_id) => ({ user_id }));
  talk(call);
  await call.getOrCreate({ ring: true, video: true, data: { members } }); // joins when the callee accepts
};
client.on('call.ring', ({ call: { type, id, created_by } }) => {
  if (created_by.id === userId) return;
  const call = client.call(type, id, { reuseInstance: true });
  find('status').replaceChildren(`${created_by.name ?? created_by.id} calls`);
  find<HTMLButtonElement>('answer').onclick = async () => {
    try {
      talk(call);
      await call.join();
    } catch (error) {
      find('status').replaceChildren(String(error)); // no camera, or the user refuses it
      await call.leave();
    }
  };
});
find('status').replaceChildren('connected');
