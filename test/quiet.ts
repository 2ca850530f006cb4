/**
 * The tests teach networks with numbers of every size, on purpose. What the library says of that is left out of what
 * they print; `errors/scale.test.ts` looks at it. Every other warning is shown.
 */
const about = 'far from unit scale';

// a page is told on its console
const [place, method] = typeof process === 'object' ? [process, 'emitWarning'] : [console, 'warn'];
const tell = Reflect.get(place, method) as (message: unknown, ...more: unknown[]) => void;
Reflect.set(place, method, (message: unknown, ...more: unknown[]) => {
  if (!String(message).includes(about)) tell.call(place, message, ...more);
});
