/** A button that copies a text, and says so. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

export function Copy({ text, label }: { readonly text: () => string; readonly label: string }): JSX.Element {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid('Copied');
    } catch {
      setSaid('The browser forbids it');
    }
    setTimeout(() => setSaid(''), 1500);
  };
  return (
    <button type="button" class="copy" onClick={() => void copy()}>
      {label}
      <span role="status">{said}</span>
    </button>
  );
}
