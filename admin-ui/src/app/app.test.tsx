import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { chen, flagRow, noReceipts, off, refusal, type Reply } from '../testing/fake-server.ts';
import { renderApp } from '../testing/render-app.tsx';

const on = { ...off, enabled: true };

function cell(name: RegExp): HTMLElement {
  return screen.getByRole('switch', { name });
}

test('the flags stand in a grid with a named switch for each environment', async () => {
  await renderApp([flagRow('checkout', { production: { ...on, percent: 10 } })]);
  expect(screen.getByRole('grid', { name: 'Flags by environment' }).getAttribute('aria-rowcount')).toBe('2');
  expect(cell(/^checkout, Development, Off$/).getAttribute('aria-checked')).toBe('false');
  expect(cell(/^checkout, Production, 10%$/).getAttribute('aria-checked')).toBe('true');
});

test('only one thing of the grid is in the tab order, and the arrows move it', async () => {
  await renderApp([flagRow('a'), flagRow('b')]);
  const grid = screen.getByRole('grid');
  const stops = () => [...grid.querySelectorAll<HTMLElement>('a, button')].filter(({ tabIndex }) => tabIndex === 0);
  expect(stops()).toEqual([screen.getByRole('link', { name: 'a' })]);
  screen.getByRole('link', { name: 'a' }).focus();
  fireEvent.keyDown(document.activeElement ?? grid, { key: 'ArrowDown' });
  fireEvent.keyDown(document.activeElement ?? grid, { key: 'ArrowRight' });
  await waitFor(() => expect(document.activeElement).toBe(cell(/^b, Development/)));
  expect(stops()).toEqual([cell(/^b, Development/)]);
});

test('an unprotected switch acts at once, reports its receipt and can be undone', async () => {
  const server = await renderApp([flagRow('checkout')]);
  server.onWrite = () => ({ status: 200, body: { changeId: 'c1', versions: { development: 2 } } });
  fireEvent.click(cell(/^checkout, Development/));
  expect(cell(/^checkout, Development, On$/).getAttribute('aria-checked')).toBe('true');
  const notices = screen.getByRole('region', { name: 'Notices' });
  await within(notices).findAllByText('checkout is now On in Development');
  expect(server.sent).toEqual([
    { method: 'PATCH', path: '/projects/default/flags/checkout/settings/development', body: { enabled: true } },
  ]);
  const receipts = { ...noReceipts, instances: 3, applied: 1, complete: false };
  await act(async () => server.say({ type: 'receipts', environment: 'development', version: 2, receipts }));
  within(notices).getByText('Version 2: 1 of 3 instances so far');
  const done = { ...receipts, applied: 3, complete: true, p50Ms: 9, p99Ms: 38 };
  await act(async () => server.say({ type: 'receipts', environment: 'development', version: 2, receipts: done }));
  within(notices).getAllByText('3 of 3 instances applied version 2 in 38 ms');
  fireEvent.click(within(notices).getByRole('button', { name: 'Undo' }));
  await within(notices).findAllByText('Undone');
  expect(server.sent.at(-1)).toMatchObject({ method: 'POST', path: '/projects/default/changes/c1/revert' });
});

test('instances that see no difference count as up to date', async () => {
  const server = await renderApp([flagRow('checkout')]);
  server.onWrite = () => ({ status: 200, body: { changeId: 'c1', versions: { development: 2 } } });
  fireEvent.click(cell(/^checkout, Development/));
  const notices = screen.getByRole('region', { name: 'Notices' });
  await within(notices).findAllByText('checkout is now On in Development');
  const say = (receipts: object) =>
    act(async () =>
      server.say({
        type: 'receipts',
        environment: 'development',
        version: 2,
        receipts: { ...noReceipts, instances: 4, p99Ms: 38, ...receipts },
      }),
    );
  await say({ applied: 0, unaffected: 2, complete: false });
  within(notices).getByText('Version 2: 2 of 4 instances so far');
  await say({ applied: 2, unaffected: 2 });
  within(notices).getAllByText('All 4 up to date with version 2: 2 applied it, 2 see no difference');
  await say({ instances: 1, applied: 0, unaffected: 1 });
  within(notices).getAllByText('Up to date: version 2 makes no difference to the one connected instance');
});

test('raising in a protected environment needs its key typed, exactly', async () => {
  const server = await renderApp([flagRow('checkout')]);
  fireEvent.click(cell(/^checkout, Production/));
  const dialog = await screen.findByRole('dialog', { name: 'Production: checkout from Dark to On' });
  const apply = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Apply' });
  const field = within(dialog).getByLabelText(/Type production to confirm/);
  expect(field.getAttribute('placeholder')).toBeNull();
  fireEvent.change(field, { target: { value: 'Production' } });
  expect(apply.disabled).toBe(true);
  fireEvent.change(field, { target: { value: ' production ' } });
  expect(apply.disabled).toBe(false);
  fireEvent.change(within(dialog).getByLabelText(/Note/), { target: { value: 'as agreed' } });
  fireEvent.click(apply);
  await waitFor(() => expect(server.sent).toHaveLength(1));
  expect(server.sent[0]?.body).toEqual({ enabled: true, confirm: 'production', comment: 'as agreed' });
});

test('lowering there asks once and never for typing', async () => {
  const server = await renderApp([flagRow('checkout', { production: on })]);
  fireEvent.click(cell(/^checkout, Production/));
  const dialog = await screen.findByRole('dialog');
  expect(within(dialog).queryByLabelText(/Type/)).toBeNull();
  fireEvent.click(within(dialog).getByRole('button', { name: 'Apply' }));
  await waitFor(() => expect(server.sent[0]?.body).toEqual({ enabled: false }));
});

test('where the server wants a confirmation that was not foreseen, it is asked for then', async () => {
  const server = await renderApp([flagRow('checkout')]);
  const wanted = refusal(422, 'CONFIRMATION_NEEDED', [{ path: '/confirm', message: 'must be "development"' }]);
  server.onWrite = ({ body }) => (body['confirm'] === undefined ? wanted : undefined);
  fireEvent.click(cell(/^checkout, Development/));
  const field = await screen.findByLabelText(/Type development to confirm/);
  fireEvent.change(field, { target: { value: 'development' } });
  fireEvent.click(screen.getByRole('button', { name: 'Apply' }));
  await waitFor(() => expect(server.sent.at(-1)?.body).toEqual({ enabled: true, confirm: 'development' }));
});

test('a note that was typed is not asked for again, whatever the server wants besides', async () => {
  const server = await renderApp([flagRow('checkout', { production: on })]);
  let reply: Reply = refusal(422, 'CONFIRMATION_NEEDED', [{ path: '/confirm', message: 'must be "production"' }]);
  server.onWrite = () => reply;
  fireEvent.click(cell(/^checkout, Production/));
  const first = await screen.findByRole('dialog');
  fireEvent.change(within(first).getByLabelText(/Note/), { target: { value: 'as agreed' } });
  fireEvent.click(within(first).getByRole('button', { name: 'Apply' }));
  fireEvent.change(await screen.findByLabelText(/Type production to confirm/), { target: { value: 'production' } });
  expect(screen.getByLabelText<HTMLTextAreaElement>(/Note/).value).toBe('as agreed');
  reply = refusal(422, 'INVALID_INPUT');
  fireEvent.click(screen.getByRole('button', { name: 'Apply' }));
  await waitFor(() => expect(server.sent.at(-1)?.body).toMatchObject({ comment: 'as agreed', confirm: 'production' }));
  const notices = screen.getByRole('region', { name: 'Notices' });
  fireEvent.click(await within(notices).findByRole('button', { name: 'Retry' }));
  expect((await screen.findByLabelText<HTMLTextAreaElement>(/Note/)).value).toBe('as agreed');
});

test('a refused write goes back to the truth and says why, with a way to try again', async () => {
  const server = await renderApp([flagRow('checkout')]);
  let reply: Reply = refusal(503, 'FORBIDDEN');
  server.onWrite = () => reply;
  fireEvent.click(cell(/^checkout, Development/));
  const notices = screen.getByRole('region', { name: 'Notices' });
  await within(notices).findAllByText(/Your role does not allow this/);
  expect(cell(/^checkout, Development, Off$/).getAttribute('aria-checked')).toBe('false');
  reply = 'unreachable';
  fireEvent.click(within(notices).getByRole('button', { name: 'Retry' }));
  await within(notices).findAllByText(/The server does not answer/);
});

test('while a write is on its way its switch is pending and takes no second press', async () => {
  const server = await renderApp([flagRow('checkout')]);
  let finish: (reply: Reply) => void = () => {};
  server.onWrite = () => new Promise((resolve) => (finish = resolve));
  fireEvent.click(cell(/^checkout, Development/));
  await waitFor(() => expect(cell(/^checkout, Development/).getAttribute('aria-busy')).toBe('true'));
  fireEvent.click(cell(/^checkout, Development/));
  await waitFor(() => expect(server.sent).toHaveLength(1));
  await act(async () => finish({ status: 200, body: { changeId: null, versions: {} } }));
  await waitFor(() => expect(cell(/^checkout, Development/).getAttribute('aria-busy')).toBeNull());
});

test("somebody else's change repaints the cell, with their name", async () => {
  const server = await renderApp([flagRow('checkout')]);
  server.sayChange('c9', flagRow('checkout', { production: { ...on, percent: 25 } }), chen);
  await screen.findByRole('switch', { name: 'checkout, Production, 25%, changed by chen@example.com' });
});

test('without the feed the page says so and nothing can be changed', async () => {
  const server = await renderApp([flagRow('checkout')]);
  await act(async () => server.sockets.at(-1)?.dispatchEvent(new Event('close')));
  expect(screen.getByText(/Showing the state of/).textContent).toContain('Changes are off');
  expect(cell(/^checkout, Development/).getAttribute('aria-disabled')).toBe('true');
  fireEvent.click(cell(/^checkout, Development/));
  expect(server.sent).toEqual([]);
});

test('after an interruption it says how much was missed', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const server = await renderApp([flagRow('checkout')]);
  await act(async () => server.sockets.at(-1)?.dispatchEvent(new Event('close')));
  await act(async () => vi.advanceTimersByTime(300));
  expect(server.sockets).toHaveLength(2);
  await act(async () => server.say({ type: 'hello', versions: { development: 1, production: 15 }, instances: {} }));
  await screen.findAllByText('Up to date, 14 changes while away');
});

test('an empty filter result offers to make the flag', async () => {
  await renderApp([flagRow('checkout')]);
  fireEvent.change(screen.getByRole('searchbox', { name: 'Filter flags' }), { target: { value: 'search-v2' } });
  await screen.findByText('Nothing matches “search-v2”');
  fireEvent.click(screen.getByRole('button', { name: 'Create “search-v2”' }));
  const field = await screen.findByLabelText<HTMLInputElement>('Key');
  expect(field.value).toBe('search-v2');
});
