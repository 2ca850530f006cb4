/** The kinds of controls that the panels are made of. */
import type { ComponentChildren, JSX, TargetedEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { within, type Bounds } from '../setting/address.js';

interface Labelled {
  readonly label: ComponentChildren;
  /** What it means, shown as a tip. */
  readonly hint?: string;
}

export function Select<T extends string | number>({
  label,
  hint,
  value,
  options,
  onChange,
}: Labelled & {
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onChange: (value: T) => void;
}): JSX.Element {
  const choose = (event: TargetedEvent<HTMLSelectElement>): void => {
    const [chosen] = options[event.currentTarget.selectedIndex];
    onChange(chosen);
  };
  const id = useId();
  return (
    <div class="field" title={hint}>
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={choose}>
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** While one types, the numbers on the way to the one that is meant are not taken. */
const TYPING_MS = 400;

/** A number to type, which is taken once typing rests. What can't be used is said below it, and changes nothing. */
export function NumberField({
  label,
  hint,
  value,
  bounds,
  step = 'any',
  onChange,
}: Labelled & {
  readonly value: number;
  readonly bounds: Bounds;
  readonly step?: number | 'any';
  readonly onChange: (value: number) => void;
}): JSX.Element {
  const [text, setText] = useState(String(value));
  const timer = useRef(0);
  const id = useId();
  useEffect(() => setText(String(value)), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const typed = text.trim() === '' ? NaN : Number(text);
  const wrong = !within(typed, bounds);
  const take = (next: string): void => {
    clearTimeout(timer.current);
    if (next.trim() !== '' && Number(next) !== value && within(Number(next), bounds)) onChange(Number(next));
  };
  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => take(next), TYPING_MS);
  };
  const kind = bounds.whole ? 'A whole number' : 'A number';
  return (
    <div class="field" title={hint}>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        value={text}
        min={bounds.min}
        max={bounds.max}
        step={step}
        onInput={(event) => type(event.currentTarget.value)}
        onChange={(event) => take(event.currentTarget.value)}
        onBlur={() => setText(String(value))}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-problem` : undefined}
      />
      {wrong && (
        <span id={`${id}-problem`} class="field-problem" role="alert">
          {kind} from {bounds.min} to {bounds.max}
        </span>
      )}
    </div>
  );
}

export function Slider({
  label,
  hint,
  value,
  bounds,
  step,
  shown,
  disabled = false,
  onInput,
}: Labelled & {
  readonly value: number;
  readonly bounds: Bounds;
  readonly step: number;
  readonly shown: string;
  readonly disabled?: boolean;
  readonly onInput: (value: number) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field slider" title={hint}>
      <span>
        <label for={id}>{label}</label> <output for={id}>{shown}</output>
      </span>
      <input
        id={id}
        type="range"
        min={bounds.min}
        max={bounds.max}
        step={step}
        value={value}
        disabled={disabled}
        aria-valuetext={shown}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
    </div>
  );
}

export function Switch({
  label,
  hint,
  value,
  onChange,
}: Labelled & { readonly value: boolean; readonly onChange: (value: boolean) => void }): JSX.Element {
  return (
    <label class="switch" title={hint}>
      <input type="checkbox" checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** A seed, and a button that draws another. */
export function SeedField({
  label,
  hint,
  value,
  bounds,
  onChange,
}: Labelled & {
  readonly label: string;
  readonly value: number;
  readonly bounds: Bounds;
  readonly onChange: (value: number) => void;
}): JSX.Element {
  const draw = (): void => onChange(crypto.getRandomValues(new Uint16Array(1))[0]);
  return (
    <div class="with-button">
      <NumberField {...{ label, value, bounds, onChange }} {...(hint !== undefined && { hint })} step={1} />
      <button
        type="button"
        class="quiet"
        onClick={draw}
        title="Draw another seed"
        aria-label={`Draw another ${label.toLowerCase()}`}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="none" stroke="currentColor" stroke-width="1.5" />
          <circle cx="5" cy="5" r="1.3" />
          <circle cx="11" cy="11" r="1.3" />
          <circle cx="8" cy="8" r="1.3" />
        </svg>
      </button>
    </div>
  );
}
