/** What the builds for shared memory export beside the ABI of `index.ts`: threads that share the work. */
export { setCrew } from './setup';
export { isBusy, serve, takeStall, teamBytes } from './team';
export { isUpdating } from './train';
