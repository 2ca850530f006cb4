/** How the network is looked at: nothing of it decides the weights, but a link shows the same. */

/** Whose gradient is shown: of the one example, averaged over a mini-batch's worth, or over all training examples. */
export const SCOPES = ['example', 'batch', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

/** What the connections of the diagram show. */
export const SHOWS = ['weights', 'gradients', 'change'] as const;
export type Shows = (typeof SHOWS)[number];

/** The scenes of the lesson, the last of them practice. */
export const LESSON_SCENES = 9;
