/** What can have the keyboard. */
const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex]';

/** A place in the page: an element, and what was beside it. */
interface Place {
  readonly element: Element;
  readonly siblings: readonly Element[];
}

const isIn = (element: Element): boolean => element.isConnected;
const childrenOf = (element: Element | null): Element[] => [...(element?.children ?? [])];

/** Where an element is: itself, and everything that it is in. */
function pathOf(element: Element): Place[] {
  const path: Place[] = [];
  for (let at: Element | null = element; at && at !== document.body; at = at.parentElement)
    path.push({ element: at, siblings: childrenOf(at.parentElement) });
  return path;
}

/** What is there in the place of what is gone, or else the nearest thing before it, or after it. */
function nearest({ element, siblings }: Place, parent: Element): HTMLElement | undefined {
  const at = siblings.indexOf(element);
  const [before, after] = [siblings.slice(0, at).filter(isIn).toReversed(), siblings.slice(at + 1).filter(isIn)];
  const fresh = childrenOf(parent).filter((child) => !siblings.includes(child));
  for (const one of fresh) {
    const [first] = focusableIn(one);
    if (first) return first;
  }
  // A text has come for it: that is what happened.
  const [text] = fresh;
  if (text instanceof HTMLElement) return text;
  return (
    before.map((one) => focusableIn(one).at(-1)).find(Boolean) ?? after.map((one) => focusableIn(one)[0]).find(Boolean)
  );
}

const focusableIn = (element: Element): HTMLElement[] =>
  [element, ...element.querySelectorAll(FOCUSABLE)].filter(
    (one): one is HTMLElement => one instanceof HTMLElement && one.matches(FOCUSABLE),
  );

/**
 * Keeps the keyboard where somebody works, also when the button that they have pressed goes away: browsers would begin
 * again at the top of the page. And a key that is held down does not press what has come in the place of a button.
 */
export function keepFocus(): void {
  let path: readonly Place[] = [];
  document.addEventListener('focusin', ({ target }) => {
    path = target instanceof Element ? pathOf(target) : [];
  });
  document.addEventListener('keydown', (event) => {
    if (event.repeat && event.target instanceof HTMLButtonElement) event.preventDefault();
  });
  const look = (): void => {
    const [held] = path;
    if (!held) return;
    if (document.activeElement === held.element) {
      path = pathOf(held.element);
      return;
    }
    if (isIn(held.element) || document.activeElement !== document.body) return;
    const level = path.findIndex(({ element }) => isIn(element));
    const gone = path[level - 1];
    const parent = level < 0 ? document.getElementById('app') : path[level]?.element;
    const target = (gone && parent && nearest(gone, parent)) ?? document.querySelector<HTMLElement>('h1');
    path = [];
    if (!target) return;
    if (!target.matches(FOCUSABLE)) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}
