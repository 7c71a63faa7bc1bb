import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Whoever has only just come begins where every page begins. */
let isFirst = true;

/** A page with its heading. When somebody goes there from another, the title of the window says so, and a screen reader begins at the heading. */
export function Page({
  title,
  heading,
  children,
}: {
  readonly title: string;
  readonly heading?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const top = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Carillon`;
  }, [title]);
  useEffect(() => {
    if (!isFirst) top.current?.focus();
    isFirst = false;
  }, []);
  return (
    <main class="container" id="main">
      <h1 tabIndex={-1} ref={top}>
        {heading ?? title}
      </h1>
      {children}
    </main>
  );
}

/** Something is on its way. */
export const Loading = ({ what }: { readonly what: string }) => (
  <p aria-busy="true" role="status">
    Loading {what} …
  </p>
);
