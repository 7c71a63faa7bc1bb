import { type MarkKind, SHAPES } from './mark.ts';

/** The shape of a mark, around 0,0. */
export function Sign({ kind }: { readonly kind: MarkKind }) {
  const { path, fill, tone } = SHAPES[kind];
  return <path d={path} class={`sign sign-${tone} ${fill ? 'sign-full' : ''}`} />;
}

/** The same as a picture of its own, beside a text. */
export const SignIcon = ({ kind, size = 18 }: { readonly kind: MarkKind; readonly size?: number }) => (
  <svg width={size} height={size} viewBox="-9 -9 18 18" aria-hidden="true" class="sign-icon">
    <Sign kind={kind} />
  </svg>
);
