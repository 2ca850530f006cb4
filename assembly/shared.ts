/** What the builds for shared memory export beside the ABI of `index.ts`: threads that share the work. */
export { setCrew } from './abi/setup';
export { isBusy, serve, takeStall, teamBytes } from './step/team';
export { isUpdating } from './abi/batch';
