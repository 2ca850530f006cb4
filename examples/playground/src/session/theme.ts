/** Light or dark: as the system says, or as the switch was last set. */
import { Store } from './store.js';

export type Theme = 'light' | 'dark';

const KEY = 'chainrule-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export const theme = new Store<Theme>(chosen() ?? system());

function system(): Theme {
  return dark.matches ? 'dark' : 'light';
}

/** A page without storage follows the system. */
function chosen(): Theme | undefined {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Sets the page's colours, now and at each change. */
export function applyTheme(): void {
  const apply = (value: Theme): void => {
    document.documentElement.dataset['theme'] = value;
  };
  apply(theme.value);
  theme.watch(apply);
  dark.addEventListener('change', () => {
    if (chosen() === undefined) theme.set(system());
  });
}

export function switchTheme(): void {
  const next = theme.value === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // it lasts as long as the page, then
  }
  // the attribute first: who watches the store reads the colours
  document.documentElement.dataset['theme'] = next;
  theme.set(next);
}
