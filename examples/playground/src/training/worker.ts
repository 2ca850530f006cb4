/** The worker: takes the page's requests one after the other, and sends back what there is to draw. */
import type { Reply, Request, Look, Sketch, Snapshot } from './protocol.js';
import { Studio } from './studio.js';

let studio: Studio | undefined;
let look: Look | undefined;
/** For whatever network comes. */
let sketch: Sketch | undefined;
let run = 0;

// a network takes a moment to make, and what comes in the meantime is meant for it
let done: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  done = done.then(() => handle(data)).catch((error: unknown) => fail(error));
});

async function handle(request: Request): Promise<void> {
  if (request.type === 'configure') {
    studio?.dispose();
    studio = undefined;
    run = request.run;
    if (sketch?.values.length !== request.configuration.inputs) sketch = undefined;
    // a network that was given up may still say something: it is not to pass for what came after it
    const own = request.run;
    const events = {
      show: (snapshot: Snapshot) => show(own, snapshot),
      fail: (error: unknown) => fail(error, own),
    };
    studio = await Studio.open(request.configuration, { look, sketch }, events);
    return;
  }
  if (request.type === 'look') look = request.look;
  if (request.type === 'sketch') sketch = request.sketch;
  if (request.type === 'change') await studio?.trainer.change(request.live);
  else if (studio) apply(studio, request);
}

function apply(target: Studio, request: Exclude<Request, { type: 'configure' | 'change' }>): void {
  const { trainer } = target;
  switch (request.type) {
    case 'play':
      trainer.play(request.speed);
      break;
    case 'pause':
      target.pause();
      break;
    case 'advance':
      trainer.advance(request.steps);
      break;
    case 'finishEpoch':
      trainer.finishEpoch();
      break;
    case 'drawn':
      target.drawn();
      break;
    case 'look':
      target.look(request.look);
      break;
    case 'plane':
      target.show(request.plane);
      break;
    case 'point':
      target.point(request.neuron);
      break;
    case 'sketch':
      target.sketch(request.sketch);
      break;
    case 'save':
      save(target);
      break;
  }
}

function save(target: Studio): void {
  const bytes = target.trainer.network.save();
  reply({ type: 'saved', run, bytes }, [bytes.buffer]);
}

function show(own: number, snapshot: Snapshot): void {
  const { weights, biases, maps } = snapshot;
  reply(
    { type: 'snapshot', run: own, snapshot },
    [...weights, ...biases, ...maps].map(({ buffer }) => buffer as ArrayBuffer),
  );
}

function fail(error: unknown, own = run): void {
  reply({ type: 'failed', run: own, message: error instanceof Error ? error.message : String(error) });
}

function reply(message: Reply, transfer: ArrayBuffer[] = []): void {
  postMessage(message, { transfer });
}
