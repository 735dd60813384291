import type { TestServer } from '@dimmer/server/testing';

/** A small shop's flags, in all the states there are. */
export async function seed({ api }: TestServer): Promise<void> {
  const flag = '/projects/default/flags';
  const flags = [
    { key: 'new-checkout', description: 'Checkout on one page', tags: ['shop'], owner: 'maria@example.com' },
    { key: 'search-v2', description: 'Search with typo tolerance', tags: ['search', 'shop'] },
    { key: 'gift-cards', description: 'Gift cards as a means of payment', owner: 'chen@example.com' },
    { key: 'image-lazy-loading', description: 'Images load when they come into view', clientVisible: true },
    { key: 'payment-retry', description: 'Try a failed payment again', kind: 'operational' },
    { key: 'two-factor', description: 'Second factor at sign-in', tags: ['security'] },
    {
      key: 'button-colour',
      description: 'Colour of the buy button',
      type: 'string',
      variants: { red: { value: '#f00' }, blue: { value: '#00f' } },
      off: 'blue',
      default: 'red',
      kind: 'experiment',
    },
  ];
  for (const body of flags) await must(api('POST', flag, body));
  const production = (key: string): string => `${flag}/${key}/settings/production`;
  await must(
    api('PUT', `${production('new-checkout')}/rollout`, { percent: 10, enabled: true, audience: ['dogfood'] }),
  );
  await must(api('PUT', `${production('search-v2')}/rollout`, { percent: 0, enabled: true, audience: ['dogfood'] }));
  await must(api('PUT', `${production('payment-retry')}/rollout`, { percent: 12.5, enabled: true }));
  await must(api('PATCH', production('two-factor'), { enabled: true }));
  for (const { key } of flags.slice(0, 6)) {
    await must(api('PATCH', `${flag}/${key}/settings/development`, { enabled: true }));
  }
  await must(
    api('PATCH', production('new-checkout'), {
      rules: [
        { id: 'audience', if: { any: [{ segment: 'dogfood' }] }, serve: 'on' },
        { id: 'pilot', name: 'Pilot countries', if: { attr: 'country', in: ['CN', 'SG'] }, serve: 'on' },
        { id: 'nested', if: { not: { all: [{ attr: 'plan', exists: true }, { segment: 'dogfood' }] } }, serve: 'off' },
      ],
    }),
  );
  const dogfood = { condition: { attr: 'targetingKey', in: ['maria', 'chen', 'u-4711'] } };
  await must(api('PATCH', '/projects/default/segments/dogfood/settings/production', dogfood));
  await must(api('POST', '/projects/default/segments', { key: 'beta', description: 'Those who asked for it' }));
}

async function must(answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
}
