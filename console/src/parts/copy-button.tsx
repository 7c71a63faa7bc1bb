import { useState } from 'preact/hooks';

/** Copies a text. Where the browser does not let it, the text is shown to be copied by hand. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const [outcome, setOutcome] = useState<'' | 'copied' | { readonly byHand: string }>('');
  const copy = async (): Promise<void> => {
    const copied = text();
    try {
      await navigator.clipboard.writeText(copied);
      setOutcome('copied');
    } catch {
      setOutcome({ byHand: copied });
    }
  };
  return (
    <>
      <button type="button" class="outline small" onClick={copy}>
        {label}
      </button>
      <span role="status">{outcome === 'copied' && ' Copied.'}</span>
      {typeof outcome === 'object' && (
        <label class="by-hand">
          The browser does not let this page copy. Copy it by hand:
          <textarea readOnly rows={8} onFocus={(event) => event.currentTarget.select()}>
            {outcome.byHand}
          </textarea>
        </label>
      )}
    </>
  );
}
