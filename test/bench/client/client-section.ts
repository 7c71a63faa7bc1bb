import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { type CallFigure, type CallTime, WARM_UP } from './measure-calls.ts';
import { linesOf, type PackageCost } from './measure-packages.ts';

const WHAT: Readonly<Record<CallFigure, string>> = {
  incoming: '`incoming` at the callee',
  connected: 'connected media at both',
  picture: 'first picture at both',
};

const packagesTable = (packages: readonly PackageCost[]): string =>
  markdownTable(
    ['package', 'bytes, gzipped', 'lines of app code', 'of which fetch a login token', 'lines of its server'],
    packages.map(({ name, kB, lines, tokenLines, serverLines }) => [
      `\`${name}\``,
      `${kB.toFixed(1)} kB`,
      ...[lines, tokenLines, serverLines].map(String),
    ]),
  );

const callsTable = (calls: readonly CallTime[]): string =>
  markdownTable(
    [
      'from the click on Call to …',
      '`@carillon/client`',
      '`peerjs`',
      '`socket.io-client`',
      'Carillon to PeerJS',
      'Carillon to Socket.IO',
    ],
    calls.map(({ figure, carillon, peerJs, socketIo }) => [
      WHAT[figure],
      ...[carillon, peerJs, socketIo].map((ms) => ms.toFixed(0)),
      ...[carillon / peerJs, carillon / socketIo].map((ratio) => ratio.toFixed(1)),
    ]),
  );

/** What the part shows in the terminal. */
export const clientTables = (packages: readonly PackageCost[], calls: readonly CallTime[]): string =>
  [packagesTable(packages), callsTable(calls)].join('\n\n');

/** The part of the page about client packages. */
export function clientSection(packages: readonly PackageCost[], calls: readonly CallTime[], now: Date): string {
  const [{ calls: count } = { calls: 0 }] = calls;
  const command = 'npm run bench -- --only client';
  const named = ['peerjs', 'peer', 'socket.io', 'socket.io-client', '@stream-io/video-client'];
  const inBrowser = linesOf('examples/web-push/page.ts') + linesOf('examples/web-push/worker.mjs');
  return `## Client packages

${madeBy(command, named, now)}

Each package has an app for the page of [\`examples/web\`](../examples/web): one user rings another, who sees it and answers, both see and hear each other, either hangs up. Carillon's is the example itself, the others are in [\`test/bench/rivals/call\`](../test/bench/rivals/call). Lines are those that are neither blank nor comments, formatted as this repository is. All apps fit the types of their packages; that for Stream is compiled and not run, since it needs Stream's servers.

${packagesTable(packages)}

Bytes are all exports, bundled with esbuild and minified; Carillon's are signalling and media together.

What users of \`peerjs\` and \`socket.io-client\` add themselves, beside the lines above: logins (both take whatever user id a page says); who is ringing, has declined, is busy or does not answer in time; several devices of one user, of which one answers; what happens when a socket is lost or a page reloaded in a call; TURN credentials; and for a phone that is woken the storage of push tokens, the sending, retrying and stopping of pushes, and a mailbox for the offer. With Carillon a phone that is woken takes ${inBrowser} lines in a browser (\`examples/web-push\`), ${linesOf('examples/react-native/calls.ts')} in React Native with CallKit and Telecom (\`examples/react-native/calls.ts\`). Stream wakes phones through its React Native, iOS and Android packages.

How long a call takes, in milliseconds: medians of ${count} calls, after ${WARM_UP} that do not count. The packages take turns in one Chromium, with a camera that is made up and already on; the callee answers at once. Carillon is the local stack, with its functions as processes; PeerJS uses its own server \`peer\`, Socket.IO one that relays, each with its state in memory. All of them and the browser share the machine, so compare within the table only.

${callsTable(calls)}

Before media can flow, Carillon passes several messages, each through a gateway, a function and the table; the others pass them within one process.
`;
}
