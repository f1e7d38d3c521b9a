import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../server/src/http/contract.ts';
import { useAnswer } from '../parts/data.ts';
import { Page } from '../parts/page.tsx';
import type { PageProps } from '../shell/pages.ts';
import { TokenList } from './tokens.tsx';

/** API トークン of everybody. */
export default function TokensPage({ account }: PageProps) {
  const { t } = useTranslation();
  const { data } = useAnswer<{ readonly accounts: readonly AccountView[] }>('/api/accounts');
  return (
    <Page title={t('pages.tokens')} lead={t('administration.tokens.lead')}>
      <TokenList whose="all" self={account.id} accounts={data?.accounts ?? []} />
    </Page>
  );
}
