import { useText } from '../lib/i18n/i18n.ts';

/** "3 minutes ago", with the exact moment on hover and for machines. */
export function Ago({ at }: { readonly at: string }) {
  const { format } = useText();
  return (
    <time dateTime={at} title={format.time(at)}>
      {format.ago(at)}
    </time>
  );
}
