/** The bar that stays in view: play, pause, one step, one epoch, how far and how fast. */
import type { ComponentChildren, JSX } from 'preact';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { useCalmly } from '../session/watch.js';
import { switchTheme, theme } from '../session/theme.js';
import type { Speed } from '../training/protocol.js';
import { about, count } from './format.js';
import { Select } from './fields.jsx';
import { Replay } from './replay.jsx';

const SPEEDS: readonly (readonly [Speed, string])[] = [
  ['slow', 'slow'],
  ['steady', 'steady'],
  ['full', 'full speed'],
];

export function Top({ session }: { readonly session: Session }): JSX.Element {
  const playing = useStore(session.playing);
  const speed = useStore(session.speed);
  const ready = useStore(session.snapshot, (snapshot) => snapshot !== undefined);
  const stuck = useStore(session.snapshot, (snapshot) => snapshot?.diverged !== undefined);
  const still = !ready || stuck;
  const undoable = useStore(session.trail.depth, (depth) => depth > 0);
  return (
    <header class="top">
      <a class="brand" href="./" aria-label="chainrule playground, from the start">
        <b>chainrule</b> <span>playground</span>
      </a>
      <div class="transport" role="group" aria-label="Training">
        <Button
          name="Start over"
          icon={<path d="M4 3v10M13 3 6 8l7 5z" />}
          onClick={() => session.reset()}
          disabled={!ready}
        />
        <Button
          name="Undo"
          icon={<path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3 2.5 6.5 6 10" fill="none" />}
          onClick={() => session.trail.undo()}
          disabled={!undoable}
        />
        <button
          type="button"
          class="play"
          onClick={() => (playing ? session.pause() : session.play())}
          disabled={still}
        >
          <Icon>{playing ? <path d="M4 3h3v10H4zM9 3h3v10H9z" /> : <path d="M4 2.5 13 8l-9 5.5z" />}</Icon>
          {playing ? 'Pause' : 'Play'}
        </button>
        <Button
          name="One step"
          icon={<path d="M4 3l6 5-6 5zM12 3v10" />}
          onClick={() => session.step()}
          disabled={still}
        >
          <span>step</span>
        </Button>
        <Button
          name="One epoch"
          icon={<path d="M2 3l5 5-5 5zM7.5 3l5 5-5 5zM14 3v10" />}
          onClick={() => session.epoch()}
          disabled={still}
        >
          <span>epoch</span>
        </Button>
        <Select
          label={<span class="unseen">Speed</span>}
          value={speed}
          options={SPEEDS}
          onChange={(value) => session.setSpeed(value)}
        />
      </div>
      <Counters session={session} />
      <ThemeSwitch />
      <Replay session={session} />
    </header>
  );
}

function Button({
  name,
  icon,
  children,
  onClick,
  disabled,
}: {
  readonly name: string;
  readonly icon: JSX.Element;
  readonly children?: ComponentChildren;
  readonly onClick: () => void;
  readonly disabled: boolean;
}): JSX.Element {
  return (
    <button type="button" onClick={onClick} disabled={disabled} aria-label={name} title={name}>
      <Icon>{icon}</Icon>
      {children}
    </button>
  );
}

function Icon({ children }: { readonly children: JSX.Element }): JSX.Element {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
      {children}
    </svg>
  );
}

function Counters({ session }: { readonly session: Session }): JSX.Element {
  const snapshot = useCalmly(session.snapshot, (value) => value);
  const epochs = snapshot ? Math.floor(snapshot.steps / snapshot.batches) : 0;
  const items: [name: string, value: string][] = [
    ['epoch', count(epochs)],
    ['step', count(snapshot?.steps ?? 0)],
    ['steps/s', about(snapshot?.stepsPerSecond ?? 0)],
    ['samples/s', about(snapshot?.samplesPerSecond ?? 0)],
  ];
  return (
    <dl class="counters" aria-label="Progress">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-counter={name}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function ThemeSwitch(): JSX.Element {
  const current = useStore(theme);
  const other = current === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="quiet theme"
      onClick={switchTheme}
      aria-label={`Switch to ${other} colours`}
      title={`Switch to ${other} colours`}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" class="icon">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M8 2a6 6 0 0 1 0 12z" />
      </svg>
    </button>
  );
}
