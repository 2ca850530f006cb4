/** `npm run social-picture`: the picture that is shown where the playground is shared, and its icon in pixels, anew. */
import { Command } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { launchChromium } from './chromium.js';
import { compress } from './png.js';
import { PLAYGROUND, root } from './project.js';

const HASH = '#data=xor&layers=5-tanh.4-tanh&steps=400&weight=0-1-0&example=3';
const [WIDTH, HEIGHT, ICON] = [1200, 630, 512];

new Command('npm run social-picture --')
  .description('Takes the picture that is shown where the playground is shared, in Chromium, and draws its icon.')
  .parse();

const configFile = PLAYGROUND;
const pictures = join(root, 'examples/playground/public');
await build({ configFile, logLevel: 'error' });
const server = await preview({ configFile, logLevel: 'error', preview: { host: '127.0.0.1', port: 0 } });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, deviceScaleFactor: 2 });
  await page.goto(`${server.resolvedUrls?.local[0] ?? ''}${HASH}`);
  await page.waitForFunction(() => document.querySelector('[data-counter="step"]')?.textContent === '400');
  await page.waitForTimeout(3000);
  const network = await page.locator('.diagram').screenshot();
  const icon = await readFile(join(pictures, 'icon.svg'), 'utf8');
  await page.setViewportSize({ width: WIDTH, height: HEIGHT });
  await page.setContent(card(network.toString('base64'), icon));
  await writeFile(join(pictures, 'social.png'), compress(await page.screenshot({ scale: 'css' })));
  await page.setViewportSize({ width: ICON, height: ICON });
  await page.setContent(`<style>body{margin:0}svg{width:${ICON}px;height:${ICON}px;display:block}</style>${icon}`);
  await writeFile(
    join(pictures, 'icon-512.png'),
    compress(await page.screenshot({ scale: 'css', omitBackground: true })),
  );
  console.log('examples/playground/public: social.png, icon-512.png');
} finally {
  await browser.close();
  await server.close();
}

/** The network under the name of the page. */
function card(network: string, icon: string): string {
  return `<style>
    body { margin: 0; width: ${WIDTH}px; height: ${HEIGHT}px; font-family: system-ui, sans-serif; color: #1b2127; background: #fff; }
    header { display: flex; align-items: center; gap: 20px; padding: 28px 48px 0; font-size: 40px; }
    header svg { width: 64px; height: 64px; }
    span { color: #56606b; }
    img { display: block; width: 1104px; height: 500px; margin: 8px 48px; object-fit: contain; }
  </style>
  <header>${icon}<div><b>chainrule</b> <span>see the chain rule at work</span></div></header>
  <img src="data:image/png;base64,${network}">`;
}
