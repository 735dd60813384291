import type { WallState } from '../wall-state.ts';
import { element, elementOf, say } from './elements.ts';
import type { Words } from './words.ts';
import type { You } from './you.ts';

/** Shows what is left to do until the wall works, one thing at a time; nothing when it works. */
export function showHint(words: Words, flag: WallState['flag'] | undefined, you: You, adminUrl: string | null): void {
  const hint = hintFor(words, flag, you);
  element('hint').hidden = hint === undefined;
  if (hint === undefined) return;
  say('hint-title', hint.title);
  const steps = hint.steps.map((text) => {
    const step = document.createElement('li');
    step.textContent = text;
    return step;
  });
  element('hint-steps').replaceChildren(...steps);
  const link = elementOf('hint-link', HTMLAnchorElement);
  link.hidden = adminUrl === null;
  if (adminUrl !== null) link.href = adminUrl;
  say('hint-link', words.openAdmin);
}

function hintFor(words: Words, flag: WallState['flag'] | undefined, you: You): Words['createFlag'] | undefined {
  if (flag === 'missing') return words.createFlag;
  if (flag === 'unusable') return words.unusableFlag;
  return flag === 'present' && you.state === 'hidden' ? words.notVisible : undefined;
}
