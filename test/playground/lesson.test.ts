/** The lesson: every scene is a link, asks first and answers then, by the keyboard alone; and practice marks at once. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { drawExercise } from '../../examples/playground/src/lesson/exercise.js';
import { PRACTICE, sceneHash, SCENES, wholeHash } from '../../examples/playground/src/lesson/scenes.js';
import { readAddress } from '../../examples/playground/src/setting/address.js';
import { LESSON_SCENES } from '../../examples/playground/src/setting/view.js';
import { describePage, untilStep } from './page.js';

it('has as many scenes as the address knows, and each of them is an address without fault', () => {
  expect(SCENES.length + 1).toBe(LESSON_SCENES);
  expect(SCENES.length).toBeGreaterThanOrEqual(5);
  expect(SCENES.length).toBeLessThanOrEqual(8);
  for (let scene = 1; scene <= LESSON_SCENES; scene++) {
    const { problems, lesson } = readAddress(sceneHash(scene));
    expect(problems).toEqual([]);
    expect(lesson).toBe(scene);
  }
});

it('has a short address for each scene, which stands for the whole one', () => {
  expect(wholeHash('#lesson=3')).toBe(sceneHash(3));
  expect(wholeHash('#lesson=3&data=xor')).toBe('#lesson=3&data=xor');
  expect(wholeHash('')).toBe('');
});

it('asks for no product that an earlier scene has shown', () => {
  for (const [at, { hides, state }] of SCENES.entries()) {
    if (hides.includes('product')) expect(SCENES.slice(0, at).map((earlier) => earlier.state)).not.toContain(state);
  }
});

it('draws the same exercise from the same seed, and every kind of one', () => {
  const field = { sizes: [2, 4, 3, 1], examples: 350 };
  expect(drawExercise(7, 0, field)).toEqual(drawExercise(7, 0, field));
  const kinds = new Set(Array.from({ length: 40 }, (_, seed) => drawExercise(seed + 1, 0, field).missing));
  expect(kinds.size).toBe(4);
});

const title = (page: Page) => page.locator('#lesson-title');
const status = (page: Page) => page.locator('.prediction [role="status"]');

describePage('the lesson', (open) => {
  it('opens a scene in its state by the short address', async () => {
    const page = await open('#lesson=7');
    await untilStep(page, 100);
    await expect.poll(() => new URL(page.url()).hash).toContain('data=xor');
    expect(await title(page).textContent()).toContain('7.');
  });

  it('goes from scene to scene by the keyboard, and each can be linked', async () => {
    const page = await open('');
    const begin = page.getByRole('link', { name: /Take the lesson/ });
    await begin.focus();
    await page.keyboard.press('Enter');
    for (const [at, scene] of SCENES.entries()) {
      await expect.poll(() => title(page).textContent()).toBe(`${at + 1}. ${scene.title}`);
      await expect.poll(() => new URLSearchParams(new URL(page.url()).hash).get('lesson')).toBe(String(at + 1));
      const first = page.getByRole('radio', { name: scene.choices[0], exact: true });
      await expect.poll(() => first.isEnabled()).toBe(true);
      expect(await status(page).textContent()).toContain('Make your prediction');
      await first.focus();
      await page.keyboard.press('Space');
      await expect.poll(() => status(page).textContent()).toMatch(/^(Right\.|Not quite:)/);
      expect(await status(page).textContent()).toContain(scene.because);
      if (typeof scene.right === 'number') {
        await expect.poll(() => status(page).getAttribute('data-right')).toBe(String(scene.right === 0));
        await page.getByRole('radio', { name: scene.choices[scene.right], exact: true }).check();
        await expect.poll(() => status(page).getAttribute('data-right')).toBe('true');
      }
      await page.getByRole('link', { name: 'Next', exact: true }).focus();
      await page.keyboard.press('Enter');
    }
    await expect.poll(() => title(page).textContent()).toContain(PRACTICE.title);
    const other = await open(sceneHash(6));
    await expect.poll(() => title(other).textContent()).toBe(`6. ${SCENES[5].title}`);
    await page.getByRole('button', { name: 'Close the lesson' }).click();
    await page.locator('.first-sight').waitFor();
  });

  it('keeps the product to itself until the prediction', async () => {
    const page = await open(sceneHash(3));
    const product = page.locator('[data-part="product"]');
    await expect.poll(() => product.textContent()).toContain('?');
    expect(await page.locator('[data-derivative]').count()).toBe(0);
    await page.getByRole('radio', { name: /below 0/ }).check();
    await expect.poll(() => page.locator('[data-derivative]').count()).toBe(1);
    const value = Number(await page.locator('[data-derivative]').getAttribute('data-derivative'));
    await expect.poll(() => status(page).getAttribute('data-right')).toBe(String(value < 0));
  });

  it('a step moves the weight against its derivative, as the last scene says', async () => {
    const page = await open(sceneHash(8));
    const weight = async (): Promise<number> =>
      Number(((await page.locator('.headline small b').textContent()) ?? '').replace('−', '-'));
    await untilStep(page, 100);
    await expect.poll(() => page.getByRole('radio', { name: 'up' }).isEnabled()).toBe(true);
    const slope = Number(await page.locator('[data-derivative]').getAttribute('data-derivative'));
    const before = await weight();
    await page.getByRole('radio', { name: slope < 0 ? 'up' : 'down' }).check();
    await expect.poll(() => status(page).getAttribute('data-right')).toBe('true');
    await page.getByRole('button', { name: 'One step' }).click();
    await expect.poll(async () => Math.abs((await weight()) - before + 0.5 * slope)).toBeLessThan(2e-4);
    // what was right stays right
    await expect.poll(() => status(page).getAttribute('data-right')).toBe('true');
  });

  it('marks an exercise at once, and a link leads to the same one', async () => {
    const page = await open(`${sceneHash(9)}&exercise=3`);
    await untilStep(page, 100);
    const field = page.locator('.practice input');
    await field.waitFor();
    const said = page.locator('.practice [role="status"]');
    const asked = await page.locator('.practice label').textContent();
    const row = page.locator('.factor', { hasText: '?' });
    await expect.poll(() => row.count()).toBe(1);
    const part = await row.getAttribute('data-part');
    const value = async (name: string): Promise<number> =>
      Number(await page.locator(`[data-part="${name}"] [data-value]`).getAttribute('data-value'));
    const factors = ['input', 'slope', 'dA'].filter((name) => name !== part);
    // the panel follows the network a moment later
    const answer = async (): Promise<number> => {
      const product = (await Promise.all(factors.map(value))).reduce((a, b) => a * b);
      return part === 'product' ? product : (await value('product')) / product;
    };
    const given = async (times: number): Promise<string> => {
      await field.fill((times * (await answer())).toPrecision(3));
      return (await said.textContent()) ?? '';
    };
    await expect.poll(() => given(1)).toMatch(/^Right/);
    await expect.poll(() => page.locator('.factor', { hasText: '?' }).count()).toBe(0);
    await field.fill('123');
    await expect.poll(() => said.textContent()).toMatch(/^Not yet/);
    await field.fill('');
    await expect.poll(() => given(-1)).toContain('the sign is not');
    await expect.poll(() => given(1)).toMatch(/^Right/);
    await expect.poll(() => page.locator('.factor', { hasText: '?' }).count()).toBe(0);

    const other = await open(new URL(page.url()).hash);
    await expect.poll(() => other.locator('.practice label').textContent()).toBe(asked);
    await expect.poll(() => new URL(other.url()).hash).toBe(new URL(page.url()).hash);
    await page.getByRole('button', { name: 'Another exercise' }).click();
    await expect.poll(() => new URLSearchParams(new URL(page.url()).hash).get('exercise')).toBe('4');
    await expect.poll(() => field.inputValue()).toBe('');
    await page.getByRole('button', { name: 'Show it' }).click();
    await expect.poll(() => said.textContent()).toMatch(/^It is −?[\d.]+/);
  });

  it('can be read without JavaScript', async () => {
    const page = await open('', { javaScriptEnabled: false });
    const text = (await page.locator('.lesson-text').textContent()) ?? '';
    for (const { title: name, says, question, because } of SCENES) {
      for (const part of [name, ...says, question, because]) expect(text).toContain(part);
    }
  });
});
