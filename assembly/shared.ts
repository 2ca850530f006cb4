/** What the builds for shared memory export beside the ABI of `index.ts`: threads that share the work. */
export { isBusy, setCrew, takeStall, teamBytes } from './abi/team';
export { serve } from './step/team';
export { isUpdating } from './abi/batch';
