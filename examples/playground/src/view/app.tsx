import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../session/session.js';
import { Chain } from './chain.jsx';
import { Classes } from './classes.jsx';
import { Footer } from './footer.jsx';
import { DataPanel } from './data-panel.jsx';
import { Derivative } from './derivative.jsx';
import { FirstSight } from './first-sight.jsx';
import { GradientHealth } from './gradient-health.jsx';
import { LessonPanel } from './lesson.jsx';
import { Notices } from './notices.jsx';
import { NetworkPanel } from './network-panel.jsx';
import { OutputPanel } from './output-panel.jsx';
import { TakeAway } from './take-away.jsx';
import { Top } from './top.jsx';
import { TrainingPanel } from './training-panel.jsx';
import { WeightPictures } from './weight-pictures.jsx';

export function App({ session }: { readonly session: Session }): JSX.Element {
  const dropping = useDrop(session);
  return (
    <>
      <Top session={session} />
      <main class={dropping ? 'dropping' : ''}>
        <h1 class="unseen">chainrule playground</h1>
        <Notices session={session} />
        <FirstSight session={session} />
        <LessonPanel session={session} />
        <div class="bench">
          <DataPanel session={session} />
          <NetworkPanel session={session} />
          <Derivative session={session} />
          <TrainingPanel session={session} />
          <GradientHealth session={session} />
          <OutputPanel session={session} />
        </div>
        <Classes session={session} />
        <WeightPictures session={session} />
        <Chain session={session} />
        <TakeAway session={session} />
      </main>
      <Footer />
    </>
  );
}

/** A CSV file may be dropped anywhere on the page. True while one is held over it. */
function useDrop(session: Session): boolean {
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setDropping(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDropping(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setDropping(false);
      const file = event.dataTransfer?.files[0];
      if (file) void session.openCsv(file);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [session]);
  return dropping;
}
