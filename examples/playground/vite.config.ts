import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';
import { buildLibrary } from '../../scripts/library.js';
import { digitsFile } from './digits-plugin.js';
import { socialPicture } from './head-plugin.js';
import { projectLinks } from './links.js';
import { lessonText } from './lesson-plugin.js';
import { offline } from './offline-plugin.js';

const root = import.meta.dirname;
const project = join(root, '../..');

export default defineConfig(async ({ command }): Promise<UserConfig> => {
  await buildLibrary();
  return {
    root,
    // the page works from whatever folder it is put in
    base: './',
    plugins: [digitsFile(), lessonText(), socialPicture(), offline()],
    define: { PROJECT_LINKS: JSON.stringify(projectLinks(project)), IS_BUILT: JSON.stringify(command === 'build') },
    resolve: { alias: { chainrule: join(project, 'dist/index.js') } },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    worker: { format: 'es' },
    build: { outDir: join(project, 'build/playground'), emptyOutDir: true, target: 'es2022', modulePreload: false },
  };
});
