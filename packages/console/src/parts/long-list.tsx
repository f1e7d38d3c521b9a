import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePages, withQuery } from './data.ts';
import { Loaded, Nothing } from './page.tsx';
import classes from './parts.module.css';

interface LongListProps<Answer, Row> {
  /** Of the API; `path.csv` is the same as a file. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly rowsOf: (answer: Answer) => readonly Row[];
  readonly empty: string;
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** A list that the server gives page by page. */
export function LongList<Answer extends { readonly next: string | number | null }, Row>(
  props: LongListProps<Answer, Row>,
) {
  const { t } = useTranslation();
  const { path, query, rowsOf, empty, children } = props;
  const pages = usePages<Answer>(withQuery(path, query));
  return (
    <Loaded query={{ data: pages.data?.pages, error: pages.error, refetch: pages.refetch }}>
      {(answers: readonly Answer[]) => {
        const rows = answers.flatMap(rowsOf);
        if (rows.length === 0) return <Nothing words={empty} />;
        return (
          <>
            {children(rows)}
            <div className={classes['more']}>
              <span>
                {pages.hasNextPage
                  ? t('parts.shown', { count: rows.length })
                  : t('parts.allShown', { count: rows.length })}
              </span>
              {pages.hasNextPage && (
                <Button
                  variant="default"
                  size="xs"
                  loading={pages.isFetchingNextPage}
                  onClick={() => void pages.fetchNextPage()}
                >
                  {t('parts.more')}
                </Button>
              )}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

/** The whole list, as it is filtered, as a file for spreadsheets. */
export function CsvLink({ path, query }: Pick<LongListProps<never, never>, 'path' | 'query'>) {
  const { t } = useTranslation();
  return (
    <Button component="a" variant="default" size="xs" href={withQuery(`${path}.csv`, query)} download>
      {t('parts.csv')}
    </Button>
  );
}
