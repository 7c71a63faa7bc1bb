// What the bench does on each page, before the app does anything: it looks at the app from outside and answers for its user.

const now = (): number => performance.timeOrigin + performance.now();

/** When something happened in the current call, in ms since 1970. */
let marks: Record<string, number> = {};
const mark = (name: string): void => {
  marks[name] ??= now();
};

const find = <Kind extends Element>(selector: string): Kind => document.querySelector<Kind>(selector) as Kind;

// The camera is on already: how long it takes to start is not what is measured.
const camera = navigator.mediaDevices.getUserMedia({ audio: true, video: true });
navigator.mediaDevices.getUserMedia = async () => (await camera).clone();

globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    this.addEventListener('connectionstatechange', () => this.connectionState === 'connected' && mark('connected'));
  }
};

document.addEventListener('DOMContentLoaded', () => {
  find('#theirs').addEventListener('loadeddata', () => mark('picture'));
  new MutationObserver(() => {
    if (!find('#status').textContent.endsWith(' calls')) return;
    mark('incoming');
    find<HTMLButtonElement>('#answer').click();
  }).observe(find('#status'), { childList: true });
});

Object.assign(globalThis, {
  bench: {
    camera: async (): Promise<boolean> => (await camera).active,
    ring(callee: string): void {
      find<HTMLInputElement>('#callee').value = callee;
      mark('rang');
      find<HTMLButtonElement>('#ring').click();
    },
    isTalking: (): boolean => 'connected' in marks && 'picture' in marks,
    isOver: (): boolean => find('#status').textContent === 'completed',
    /** The marks of the call, and none for the next one. */
    take(): Record<string, number> {
      const taken = marks;
      marks = {};
      find<HTMLVideoElement>('#theirs').srcObject = null;
      return taken;
    },
  },
});
