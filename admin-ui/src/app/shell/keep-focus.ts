const CONTROLS = 'h1[tabindex], button:not(:disabled), a[href], input:not(:disabled), select, textarea';

/** Where the focus was last, outside of dialogs and menus, which come and go. */
interface Place {
  readonly element: HTMLElement;
  /** Its ancestors, the nearest first, up to the page: some of them stay when it goes. */
  readonly around: readonly Element[];
}

/**
 * What has the focus may vanish: a dialog closes after its last button, a row goes with the key it was about. The
 * browser then drops the focus on the document, and whoever works by keyboard starts again at the top. Here it goes
 * back to what had opened the dialog, or, if that is gone too, to the first control of what was around it.
 */
export function keepFocus(): () => void {
  let place: Place | null = null;
  let last: Element | null = null;
  const remember = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    last = target;
    const root = document.getElementById('root') ?? document.body.firstElementChild;
    if (root?.contains(target) === true) place = { element: target, around: ancestorsOf(target) };
  };
  const restore = (): void => {
    if (last === null || last.isConnected || document.activeElement !== document.body) return;
    last = null;
    if (place !== null) backTo(place);
  };
  const observer = new MutationObserver(restore);
  observer.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', remember);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', remember);
  };
}

function backTo({ element, around }: Place): void {
  if (element.isConnected) return element.focus({ preventScroll: true });
  // A grid moves its focus itself, and lets rows go that are scrolled away.
  if (around.some((one) => one.role === 'grid')) return;
  for (const one of around) {
    if (!one.isConnected) continue;
    const control = [...one.querySelectorAll<HTMLElement>(CONTROLS)].find(
      (candidate) => candidate.closest('[hidden], [inert]') === null,
    );
    if (control !== undefined) return control.focus({ preventScroll: true });
  }
}

function ancestorsOf(element: Element): readonly Element[] {
  const found: Element[] = [];
  for (let one = element.parentElement; one !== null && one !== document.body; one = one.parentElement) {
    found.push(one);
    if (one.localName === 'main') break;
  }
  return found;
}
