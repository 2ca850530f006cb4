/** The data sets as small pictures to choose from. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { makeClassic, REACH, type ClassicName } from '../data/classics.js';
import { chooseFile } from '../session/files.js';
import type { Session } from '../session/session.js';
import { useStore } from '../session/store.js';
import { theme } from '../session/theme.js';
import { DATA_NAMES, type DataName } from '../setting/setting.js';
import { CSV_FILES } from './csv-panel.jsx';
import { palette } from './palette.js';

const TITLES: Readonly<Record<DataName, string>> = {
  circle: 'circle',
  xor: 'xor',
  gauss: 'gauss',
  spiral: 'spiral',
  moons: 'moons',
  plane: 'plane',
  digits: 'digits',
  csv: 'my file',
};

const SIDE = 48;

export function DataPicker({ session }: { readonly session: Session }): JSX.Element {
  const chosen = useStore(session.setting, ({ data }) => data);
  return (
    <fieldset class="picker">
      <legend class="unseen">Data set</legend>
      {DATA_NAMES.map((name) => (
        <label key={name} class="tile">
          <input
            type="radio"
            name="data"
            class="unseen"
            value={name}
            checked={name === chosen}
            onChange={() => session.chooseData(name)}
            onClick={({ detail }) => name === 'csv' && detail > 0 && openChooser(session)}
          />
          {name === 'digits' || name === 'csv' ? <Emblem name={name} /> : <Thumbnail name={name} />}
          <span>{TITLES[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A click on "my file" asks for one; the arrow keys, which pass over it, do not. */
function openChooser(session: Session): void {
  if (!session.csv.value) chooseFile(CSV_FILES, (file) => void session.openCsv(file));
}

function Emblem({ name }: { readonly name: 'digits' | 'csv' }): JSX.Element {
  return (
    <svg viewBox="0 0 48 48" aria-hidden="true" class="emblem">
      {name === 'digits' ? (
        <path d="M32 13H20l-2 11c8-3 15 1 14 7-1 6-9 7-15 3" />
      ) : (
        <path d="M10 14h28v20H10zM10 21h28M10 28h28M20 14v20" />
      )}
    </svg>
  );
}

function Thumbnail({ name }: { readonly name: ClassicName }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const draw = (): void => {
      if (canvas.current) drawPoints(canvas.current, name);
    };
    draw();
    return theme.watch(draw);
  }, [name]);
  return <canvas ref={canvas} width={SIDE * 2} height={SIDE * 2} aria-hidden="true" />;
}

function drawPoints(canvas: HTMLCanvasElement, name: ClassicName): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { positive, negative } = palette();
  const { x, y, count } = makeClassic(name, 0.03, 1);
  const scale = canvas.width / (2 * REACH);
  context.clearRect(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < count; i++) {
    // every other pair: the classes take turns
    if (i % 4 > 1) continue;
    const above = name === 'plane' ? y[i] > 0 : y[i] > 0.5;
    context.globalAlpha = name === 'plane' ? Math.min(1, Math.abs(y[i]) + 0.1) : 0.9;
    context.fillStyle = above ? positive : negative;
    context.beginPath();
    context.arc((x[2 * i] + REACH) * scale, (REACH - x[2 * i + 1]) * scale, 2.4, 0, 7);
    context.fill();
  }
}
