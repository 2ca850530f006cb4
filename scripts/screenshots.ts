/** `npm run screenshots`: the pictures of the playground in docs/, taken anew. */
import { Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { build, preview } from 'vite';
import { launchChromium } from './chromium.js';
import { compress } from './png.js';
import { PLAYGROUND, root } from './project.js';

interface Shot {
  readonly file: string;
  /** The setting, and how many steps it is trained. */
  readonly hash: string;
  readonly steps: number;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
  /** What is done before the picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const SHOTS: readonly Shot[] = [
  {
    file: 'playground-light.png',
    hash: '#data=xor&layers=6-tanh.4-tanh&weight=0-1-1&example=3&scope=batch',
    steps: 300,
    width: 1280,
    height: 860,
    colorScheme: 'light',
  },
  {
    file: 'playground-dark.png',
    hash: '#data=digits&weight=1-1-3&example=4',
    steps: 500,
    width: 1280,
    height: 1000,
    colorScheme: 'dark',
    prepare: (page) => page.getByRole('button', { name: 'Show a held-out digit' }).click(),
  },
  {
    file: 'playground-narrow.png',
    hash: '#data=moons&weight=0-1-1&example=0',
    steps: 1500,
    width: 390,
    height: 1500,
    colorScheme: 'light',
  },
];

new Command('npm run screenshots --')
  .description('Takes the pictures of the playground in docs/ anew, in Chromium.')
  .parse();

const configFile = PLAYGROUND;
await build({ configFile, logLevel: 'error' });
const server = await preview({ configFile, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
const browser = await launchChromium();
try {
  for (const { file, hash, steps, width, height, colorScheme, prepare } of SHOTS) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(`${server.resolvedUrls?.local[0] ?? ''}${hash}`);
    await train(page, steps);
    await prepare?.(page);
    await page.waitForTimeout(1000);
    await writeFile(join(root, 'docs', file), compress(await page.screenshot()));
    await page.close();
    console.log(`docs/${file}`);
  }
} finally {
  await browser.close();
  await server.close();
}

/** By play and pause, so that the curves have their points. */
async function train(page: Page, steps: number): Promise<void> {
  await page.getByRole('button', { name: 'Play' }).click();
  const reached = (least: number): boolean => {
    return Number(document.querySelector('[data-counter="step"]')?.textContent?.replaceAll(',', '')) >= least;
  };
  await page.waitForFunction(reached, steps, { timeout: 300_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
}
