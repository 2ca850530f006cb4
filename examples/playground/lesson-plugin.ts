/** Puts the lesson's text into the built page, where those without JavaScript read it. */
import type { Plugin } from 'vite';
import { SCENES } from './src/lesson/scenes.js';

export function lessonText(): Plugin {
  return {
    name: 'lesson-text',
    transformIndexHtml: (html) => html.replace('<!-- the lesson -->', SCENES.map(sceneAsHtml).join('\n')),
  };
}

function sceneAsHtml({ title, says, question, choices, right, because }: (typeof SCENES)[number], at: number): string {
  const answer = typeof right === 'number' ? `${choices[right]}. ` : '';
  return [
    `<section><h2>${at + 1}. ${escape(title)}</h2>`,
    ...says.map((text) => `<p>${escape(text)}</p>`),
    `<p><b>${escape(question)}</b> ${escape(choices.join(' · '))}</p>`,
    `<details><summary>The answer</summary><p>${escape(answer + because)}</p></details></section>`,
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
