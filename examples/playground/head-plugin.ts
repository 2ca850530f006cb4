/**
 * What other programs are told of the page: the picture that is shown where somebody shares its address. They want a
 * whole address for it, which only who puts the page somewhere knows: PLAYGROUND_URL=https://... npm run playground:build.
 */
import type { Plugin } from 'vite';

const TITLE = 'chainrule playground: see the chain rule at work';
const DESCRIPTION =
  'Train a small network in the page, and follow every derivative back through it, with its own numbers.';

export function socialPicture(): Plugin {
  const base = (process.env['PLAYGROUND_URL'] ?? '.').replace(/\/$/, '');
  const properties = {
    'og:type': 'website',
    'og:title': TITLE,
    'og:description': DESCRIPTION,
    'og:image': `${base}/social.png`,
    'og:image:width': '1200',
    'og:image:height': '630',
    'og:image:alt': 'A network with its activations, its weights and one derivative on its way back',
    ...(base !== '.' && { 'og:url': `${base}/` }),
  };
  return {
    name: 'chainrule-social-picture',
    transformIndexHtml: () => [
      ...Object.entries(properties).map(([property, content]) => ({ tag: 'meta', attrs: { property, content } })),
      { tag: 'meta', attrs: { name: 'twitter:card', content: 'summary_large_image' } },
    ],
  };
}
