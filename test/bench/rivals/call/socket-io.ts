import { io } from 'socket.io-client';

const userId = new URLSearchParams(location.search).get('me') ?? 'alice';
const find = <Kind extends Element>(id: string) => document.querySelector<Kind>(`#${id}`) as Kind;
const socket = io('http://127.0.0.1:8181', { transports: ['websocket'], auth: { userId } });
let connection: RTCPeerConnection | undefined;
let early: RTCIceCandidateInit[] = [];

function end(): void {
  for (const { track } of connection?.getSenders() ?? []) track?.stop();
  connection?.close();
  connection = undefined;
  early = [];
  find('status').replaceChildren('completed');
}

async function talk(to: string): Promise<RTCPeerConnection> {
  const made = new RTCPeerConnection({ iceServers: [{ urls: 'stun:stun.l.google.com:19302' }] });
  connection = made;
  find<HTMLButtonElement>('hang-up').onclick = () => {
    socket.emit('send', { to, end: true });
    end();
  };
  made.onicecandidate = ({ candidate }) => socket.emit('send', { to, candidate });
  made.ontrack = ({ streams: [theirs = null] }) => {
    find('status').replaceChildren('active');
    find<HTMLVideoElement>('theirs').srcObject = theirs;
  };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    find<HTMLVideoElement>('mine').srcObject = stream;
    for (const track of stream.getTracks()) made.addTrack(track, stream);
  } catch (error) {
    socket.emit('send', { to, end: true });
    end();
    find('status').replaceChildren(String(error)); // no camera, or the user refuses it
  }
  return made;
}

async function describe(description: RTCSessionDescriptionInit): Promise<void> {
  await connection?.setRemoteDescription(description);
  for (const candidate of early.splice(0)) await connection?.addIceCandidate(candidate);
}

find<HTMLButtonElement>('ring').onclick = async () => {
  const to = find<HTMLInputElement>('callee').value;
  const made = await talk(to);
  await made.setLocalDescription();
  socket.emit('send', { to, offer: made.localDescription });
};
socket.on('sent', async ({ from, offer, answer, candidate, end: isOver }) => {
  if (offer) {
    find('status').replaceChildren(`${from} calls`);
    find<HTMLButtonElement>('answer').onclick = async () => {
      const made = await talk(from);
      await describe(offer);
      await made.setLocalDescription();
      socket.emit('send', { to: from, answer: made.localDescription });
    };
  } else if (answer) await describe(answer);
  else if (candidate && connection?.remoteDescription) await connection.addIceCandidate(candidate);
  else if (candidate) early.push(candidate);
  else if (isOver) end();
});
socket.on('connect', () => find('status').replaceChildren('connected'));
