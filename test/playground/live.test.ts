/** What is changed while training goes on, what is undone, and how a link leads to the same. */
import type { Page } from 'playwright';
import { createNetwork, dense, sgd } from 'chainrule';
import { expect, it } from 'vitest';
import { defaultSetting } from '../../examples/playground/src/setting/defaults.js';
import { adjust } from '../../examples/playground/src/training/adjust.js';
import { CourseKeeper } from '../../examples/playground/src/training/course.js';
import { makeNetwork } from '../../examples/playground/src/training/networks.js';
import type { Configuration } from '../../examples/playground/src/training/protocol.js';
import { control, describePage, fingerprintOf, stepsOf, untilStep } from './page.js';

const hashOf = (page: Page): URLSearchParams => new URLSearchParams(new URL(page.url()).hash.slice(1));

async function pause(page: Page): Promise<number> {
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => hashOf(page).get('steps')).toMatch(/^[1-9]/);
  await expect.poll(async () => hashOf(page).get('steps') === String(await stepsOf(page))).toBe(true);
  return stepsOf(page);
}

/** The curve of the loss, as it is drawn. */
const curveOf = (page: Page) =>
  page
    .locator('.curve canvas')
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

describePage('changes while training', (open) => {
  it('the rate acts at once, training goes on, and the link goes the same way', async () => {
    const page = await open('#data=moons');
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(10);
    const before = await stepsOf(page);
    await control(page, 'Learning rate').fill('0.02');
    await control(page, 'Weight decay').fill('0.001');
    await expect.poll(() => stepsOf(page)).toBeGreaterThan(before + 10);
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(1);
    const steps = await pause(page);
    const past = hashOf(page).getAll('past');
    expect(past.length).toBeGreaterThan(0);
    expect(past[0]).toMatch(/^\d+_0\.003_0_0$/);
    expect(hashOf(page).get('rate')).toBe('0.02');

    const other = await open(new URL(page.url()).hash);
    await untilStep(other, steps);
    await expect.poll(() => fingerprintOf(other)).toBe(await fingerprintOf(page));
    expect(await control(other, 'Learning rate').inputValue()).toBe('0.02');
    await expect.poll(() => other.url()).toBe(page.url());
    await expect.poll(() => curveOf(other)).toBe(await curveOf(page));
    await page.getByText('It has the last rate and regularisation from the start').waitFor();
  });

  it('at rest the next step has the new rate', async () => {
    const page = await open('#data=moons&steps=30');
    await untilStep(page, 30);
    const fingerprint = await fingerprintOf(page);
    await control(page, 'Learning rate').fill('0');
    await page.getByRole('button', { name: 'One step' }).click();
    await untilStep(page, 31);
    expect(await fingerprintOf(page)).toBe(fingerprint);
  });

  it('architecture and data start afresh, and Undo and Back go back', async () => {
    const page = await open('#data=moons&layers=4-tanh&steps=30');
    await untilStep(page, 30);
    const fingerprint = await fingerprintOf(page);
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Layer 1: one neuron more' }).click();
    await untilStep(page, 0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await untilStep(page, 30);
    await expect.poll(() => fingerprintOf(page)).toBe(fingerprint);
    expect(hashOf(page).get('layers')).toBe('4-tanh');
    await page.locator('input[value="digits"]').check({ force: true });
    await page.getByText('784 – 12 – 10').waitFor();
    await page.goBack();
    await untilStep(page, 30);
    await expect.poll(() => fingerprintOf(page)).toBe(fingerprint);
    await page.goForward();
    await page.getByText('784 – 12 – 10').waitFor();
  });

  it('a slider that is drawn is one change', async () => {
    const page = await open('#data=moons');
    await fingerprintOf(page);
    const before = await page.evaluate(() => history.length);
    await page.getByRole('slider', { name: /Noise/ }).evaluate((slider: HTMLInputElement) => {
      for (const value of ['0.1', '0.2', '0.3']) {
        slider.value = value;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      }
    });
    await expect.poll(() => hashOf(page).get('noise')).toBe('0.3');
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
  });

  it('a long link shows how far it is, and can be stopped where it is', async () => {
    const page = await open('#data=spiral&rate=0.01&steps=5000000&past=4900000_0.002_0_0');
    await page.getByText('Training to step 5,000,000 of the link').waitFor();
    const progress = page.getByRole('progressbar');
    await expect.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Stop here' }).click();
    await expect.poll(() => progress.count()).toBe(0);
    await expect.poll(() => Number(hashOf(page).get('steps'))).toBeLessThan(4_900_000);
    // what holds is what held there
    await expect.poll(() => control(page, 'Learning rate').inputValue()).toBe('0.002');
    await expect.poll(() => hashOf(page).get('rate')).toBe('0.002');
    expect(hashOf(page).has('past')).toBe(false);
    await page.getByRole('button', { name: 'One step' }).click();
  });

  it('the loss is drawn on a log scale by choice', async () => {
    const page = await open('#data=spiral&steps=2000');
    await untilStep(page, 2000);
    const linear = await curveOf(page);
    await control(page, 'log scale').check();
    await expect.poll(() => curveOf(page)).not.toBe(linear);
    await page.getByLabel(/^Loss over the steps, .* on a log scale$/).waitFor();
  });
});

const EXAMPLES = { count: 40, x: Float32Array.from({ length: 80 }, (_, i) => (i % 7) / 7), y: new Float32Array(40) };
const CONFIGURATION: Configuration = {
  ...{
    setting: defaultSetting('moons'),
    task: 'binary',
    inputs: 2,
    outputs: 1,
    plane: undefined,
    steps: 0,
    stages: [],
  },
  ...{ train: EXAMPLES, test: EXAMPLES },
};

it('a network that is given what it has stays the same to the last bit', async () => {
  const { setting } = CONFIGURATION;
  const network = await makeNetwork(CONFIGURATION);
  await network.fit(EXAMPLES.x, EXAMPLES.y, { epochs: 3 });
  expect((await adjust(network, CONFIGURATION, setting)).save()).toEqual(network.save());
  const slower = await adjust(network, CONFIGURATION, { ...setting, rate: 0 });
  await slower.fit(EXAMPLES.x, EXAMPLES.y);
  expect(slower.getParameters()).toEqual(network.getParameters());
});

it('a network with another rate is the one that would have had it from there on', async () => {
  const make = (rate: number) =>
    createNetwork({ inputs: 2, layers: [dense(4, 'tanh'), dense(1, 'sigmoid')], optimizer: sgd({ rate }), seed: 1 });
  const configuration = {
    ...CONFIGURATION,
    setting: {
      ...CONFIGURATION.setting,
      layers: [{ units: 4, activation: 'tanh' as const }],
      optimizer: 'sgd' as const,
      options: {},
    },
  };
  const network = await make(0.1);
  const other = await make(0.5);
  other.setParameters(network.getParameters());
  const adjusted = await adjust(network, configuration, { rate: 0.5, weightDecay: 0, clipNorm: 0 });
  for (const each of [other, adjusted]) each.trainBatch(EXAMPLES.x, EXAMPLES.y);
  expect(adjusted.getParameters()).toEqual(other.getParameters());
});

it('the course keeps the same points, however often it is asked', () => {
  const made = [1, 3].map((times) => {
    const keeper = new CourseKeeper(CONFIGURATION);
    let measured = 0;
    for (let step = 0; step <= 100_000; step++) {
      for (let again = 0; again < times; again++) {
        keeper.note(step, () => ({
          train: { loss: measured++, accuracy: 1, error: 0 },
          test: { loss: step, accuracy: 0, error: 0 },
          deltas: [],
        }));
      }
    }
    return { course: keeper.course, measured };
  });
  expect(made[1]).toEqual(made[0]);
  const { steps } = made[0].course;
  expect(steps.length).toBeGreaterThan(200);
  expect(steps.length).toBeLessThanOrEqual(512);
  expect(new Set(steps.slice(1).map((step, at) => step - steps[at])).size).toBe(1);
  // most steps are not measured
  expect(made[0].measured).toBeLessThan(5000);
});
