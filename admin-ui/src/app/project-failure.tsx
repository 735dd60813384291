import type { ErrorComponentProps } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { codeOf } from '../lib/problem-words.ts';
import { RouteFailure } from './route-failure.tsx';

const MissingProject = lazy(() => import('./missing-project.tsx').then((m) => ({ default: m.MissingProject })));

/** In place of a whole project: it does not exist, or it could not be read. */
export function ProjectFailure(props: ErrorComponentProps) {
  return (
    <main>
      {codeOf(props.error) === 'NOT_FOUND' ? (
        <Suspense>
          <MissingProject />
        </Suspense>
      ) : (
        <RouteFailure {...props} />
      )}
    </main>
  );
}
