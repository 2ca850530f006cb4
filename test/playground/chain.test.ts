/** The chain rule's numbers agree with each other, and with what happens. */
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { control, describePage, untilStep } from './page.js';

/** A number as the page writes it. */
function read(text: string | null): number {
  return Number((text ?? '').replaceAll('−', '-').replaceAll(',', ''));
}

/** What the nudge panel says of one quantity. */
async function nudgeOf(page: Page, name: string): Promise<{ predicted: number; measured: number }> {
  const cells = page.locator(`[data-nudge="${name}"] td`);
  const [predicted, measured] = await Promise.all([0, 1].map((at) => cells.nth(at).getAttribute('data-value')));
  return { predicted: Number(predicted), measured: Number(measured) };
}

describePage('the chain rule', (open) => {
  it('adds up the paths', async () => {
    const page = await open('#data=xor&layers=4-tanh.3-tanh&steps=100&weight=0-1-1&example=3');
    await untilStep(page, 100);
    const rows = page.locator('.paths tbody tr');
    await expect.poll(() => rows.count()).toBe(3);
    const products = await rows.locator('td:nth-child(4)').allTextContents();
    const sum = read(await page.locator('[data-paths-sum]').textContent());
    const added = products.map(read).reduce((a, b) => a + b);
    const largest = Math.max(...products.map((product) => Math.abs(read(product))));
    expect(Math.abs(added - sum)).toBeLessThan(0.001 * largest);
    // and it is the factor of the chain above
    expect(await page.locator('[data-part="dA"]').textContent()).toContain(
      String(await page.locator('[data-paths-sum]').textContent()),
    );
  });

  it.each(['this example', 'a batch', 'all'])(
    'the nudge that is proposed does what the derivative says: %s',
    async (scope) => {
      const page = await open('#data=moons&layers=4-tanh.3-tanh&steps=50&weight=1-0-1&example=2');
      await untilStep(page, 50);
      await control(page, scope).check({ force: true });
      const names = scope === 'this example' ? ['z', 'a', 'cost'] : ['z', 'a', 'cost', 'mean'];
      for (const name of names) {
        await expect.poll(async () => (await nudgeOf(page, name)).predicted).not.toBeNaN();
        await expect
          .poll(async () => {
            const { predicted, measured } = await nudgeOf(page, name);
            return Math.abs(measured / predicted - 1);
          })
          .toBeLessThan(0.06);
      }
    },
  );

  it('a larger nudge moves z in proportion', async () => {
    const page = await open('#data=xor&steps=30&weight=0-0-0&example=5');
    await untilStep(page, 30);
    const slider = page.getByRole('slider', { name: /Add to w/ });
    const most = Number(await slider.getAttribute('max'));
    const zAt = async (nudge: number): Promise<number> => {
      await slider.fill(String(Number(nudge.toPrecision(2))));
      const said = async (): Promise<number> => read(await slider.getAttribute('aria-valuetext'));
      await expect.poll(said).toBeCloseTo(nudge, 6);
      return (await nudgeOf(page, 'z')).measured;
    };
    expect((await zAt(-0.8 * most)) / (await zAt(0.1 * most))).toBeCloseTo(-8, 1);
  });

  it('shows the average gradient as a picture', async () => {
    const page = await open('#data=xor&layers=4-tanh&steps=30');
    await untilStep(page, 30);
    await page.getByText('The gradient, of one example').waitFor();
    await control(page, 'all').check({ force: true });
    await page.getByText('The gradient, averaged over 350 examples').waitFor();
    expect(await page.locator('.matrix canvas').count()).toBe(2);
    const colours = await page.locator('.matrix canvas').first().evaluate(coloursOf);
    expect(colours).toBeGreaterThan(3);
  });

  it('goes through the layers, forwards and backwards', async () => {
    const page = await open('#data=xor&layers=3-tanh&steps=10');
    await untilStep(page, 10);
    const stage = page.locator('[data-stage]');
    const said: (string | null)[] = [];
    await page.getByRole('button', { name: 'To the input' }).click();
    expect(await page.locator('.layer-card td', { hasText: '·' }).count()).toBe(4 * 5);
    for (let step = 0; step < 6; step++) {
      said.push(await stage.textContent());
      if (step < 5) await page.getByRole('button', { name: 'Forward', exact: true }).click();
    }
    expect(said[0]).toMatch(/^The input: 2 numbers/);
    expect(said[1]).toMatch(/^Forwards through layer 1: .*tanh/);
    expect(said[2]).toMatch(/^Forwards through the output: .*sigmoid/);
    expect(said[3]).toMatch(/^The cost: binaryCrossEntropy/);
    expect(said[4]).toMatch(/^Backwards through the output/);
    expect(said[5]).toMatch(/^Backwards through layer 1/);
    expect(await page.locator('.layer-card td', { hasText: '·' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    expect(await stage.textContent()).toBe(said[4]);
  });

  it('takes the example that is clicked', async () => {
    const page = await open('#data=gauss&example=0');
    await untilStep(page, 0);
    // as a person does who misses, since panels come and move the picture: until it is hit
    await expect
      .poll(async () => {
        const box = (await page.locator('.points').boundingBox())!;
        await page.mouse.click(box.x + box.width * 0.68, box.y + box.height * 0.32);
        return control(page, 'Example').inputValue();
      })
      .not.toBe('1');
  });
});

/** How many colours a canvas holds. Runs in the page. */
function coloursOf(canvas: Element): number {
  const { width, height } = canvas as HTMLCanvasElement;
  const data = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
  return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer(0))).size;
}
