/** Where gradients die: each preset shows what it is named for, and its cure cures it. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { readAddress } from '../../examples/playground/src/setting/address.js';
import { PRESETS } from '../../examples/playground/src/setting/presets.js';
import { describePage, stepsOf, untilStep } from './page.js';

it.each(PRESETS)('$title is an address without fault', ({ state }) => {
  expect(readAddress(state).problems).toEqual([]);
});

const ailment = (page: Page, name: string) => page.locator(`[data-ailment="${name}"]`);

/** The cure is clicked, and as many steps made as it takes to see. */
async function cure(page: Page, name: string, title: RegExp): Promise<void> {
  await ailment(page, name).getByRole('button', { name: title }).click();
  await expect.poll(() => stepsOf(page)).toBe(0);
  await page.getByRole('button', { name: 'One epoch' }).click();
  await expect.poll(() => stepsOf(page)).toBeGreaterThan(0);
}

describePage('where gradients die', (open) => {
  it.each([
    ['vanishing gradient', 'vanishing', /relu/],
    ['dying relus', 'dead', /leakyRelu/],
    ['zero weights', 'zeros', /Draw/],
    ['overfitting', 'overfitting', /Hold fewer/],
  ] as const)('%s is shown, said, and cured by a click', async (title, name, button) => {
    const page = await open('');
    await page.getByRole('link', { name: title, exact: true }).click();
    await untilStep(page, title === 'overfitting' ? 800 : 110);
    await ailment(page, name).waitFor();
    await cure(page, name, button);
    await expect.poll(() => ailment(page, name).count()).toBe(0);
  });

  it('too high a rate breaks off, and a click cures it', async () => {
    const page = await open('');
    await page.getByRole('link', { name: 'too high a rate' }).click();
    await page.getByText('Training blew up').waitFor();
    await page
      .getByRole('button', { name: /A tenth of the rate/ })
      .first()
      .click();
    await page.getByText('Training blew up').waitFor({ state: 'detached' });
  });

  it('marks dead neurons in the picture, and draws |δ| of every layer', async () => {
    const { state } = PRESETS[1];
    const page = await open(`#${state}`);
    await untilStep(page, 110);
    await ailment(page, 'dead').waitFor();
    const said = Number.parseInt((await ailment(page, 'dead').textContent()) ?? '', 10);
    expect(said).toBeGreaterThan(0);
    await expect.poll(() => page.getByRole('button', { name: /^neuron \d of layer \d, dead$/ }).count()).toBe(said);
    await expect.poll(() => page.locator('.delta-curves polyline').count()).toBe(3);
    const points = (): Promise<(string | null)[]> =>
      page.locator('.delta-curves polyline').evaluateAll((lines) => lines.map((line) => line.getAttribute('points')));
    const curves = await points();
    for (const curve of curves) expect((curve ?? '').split(' ').length).toBeGreaterThan(5);
    // and a link shows the same
    const other = await open(`#${state}`);
    await untilStep(other, 110);
    await expect
      .poll(() =>
        other
          .locator('.delta-curves polyline')
          .evaluateAll((lines) => lines.map((line) => line.getAttribute('points'))),
      )
      .toEqual(curves);
  });
});
