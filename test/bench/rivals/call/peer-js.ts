import { type MediaConnection, Peer } from 'peerjs';

const server = new URL('http://127.0.0.1:8181');
const userId = new URLSearchParams(location.search).get('me') ?? 'alice';
const find = <Kind extends Element>(id: string) => document.querySelector<Kind>(`#${id}`) as Kind;
const camera = () => navigator.mediaDevices.getUserMedia({ audio: true, video: true });

function talk(call: MediaConnection, stream: MediaStream): void {
  find<HTMLButtonElement>('hang-up').onclick = () => call.close();
  find<HTMLVideoElement>('mine').srcObject = stream;
  call.on('stream', (theirs) => {
    find('status').replaceChildren('active');
    find<HTMLVideoElement>('theirs').srcObject = theirs;
  });
  call.on('close', () => {
    find('status').replaceChildren('completed');
    for (const track of stream.getTracks()) track.stop();
  });
}

const peer = new Peer(userId, { host: server.hostname, port: Number(server.port), path: '/' });
find<HTMLButtonElement>('ring').onclick = async () => {
  const stream = await camera();
  talk(peer.call(find<HTMLInputElement>('callee').value, stream), stream);
};
peer.on('call', (call) => {
  find('status').replaceChildren(`${call.peer} calls`);
  find<HTMLButtonElement>('answer').onclick = async () => {
    try {
      const stream = await camera();
      call.answer(stream);
      talk(call, stream);
    } catch (error) {
      find('status').replaceChildren(String(error)); // no camera, or the user refuses it
      call.close();
    }
  };
});
peer.on('open', () => find('status').replaceChildren('connected'));
