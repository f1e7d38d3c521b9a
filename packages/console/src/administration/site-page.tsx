import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, readText } from '../api/client.ts';
import { useChange } from '../parts/data.ts';
import { ConfirmDialog } from '../parts/dialogs.tsx';
import { Page } from '../parts/page.tsx';
import parts from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Failure, useErrorWords } from '../session/failure.tsx';
import classes from './administration.module.css';
import { FileField } from './file-field.tsx';

const PATH = '/api/site';

/** サイトファイル: the whole configuration, out and in; what is wrong with it is said line by line. */
export default function SitePage() {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  // Whatever the file changes, everything is asked anew.
  const change = useChange<{ readonly applied: boolean }>(['/api/']);
  const [yaml, setYaml] = useState('');
  const [empty, setEmpty] = useState(false);
  const [asking, setAsking] = useState(false);
  const [loading, setLoading] = useState<ApiError | null>(null);

  const edit = (text: string): void => {
    setYaml(text);
    setEmpty(false);
    setLoading(null);
    change.reset();
  };
  const load = (): void => {
    readText(PATH).then(edit, (error: unknown) => {
      if (error instanceof ApiError) setLoading(error);
    });
  };
  const send = (apply: boolean): void => {
    setAsking(false);
    change.mutate({ method: 'POST', path: PATH, body: { yaml, apply } });
  };
  const ask = (then: () => void): void => {
    setEmpty(yaml.trim() === '');
    if (yaml.trim() !== '') then();
  };
  const failure = loading ?? change.error;
  const problems = change.error?.problems ?? [];
  return (
    <Page
      title={t('pages.site')}
      lead={t('administration.site.lead')}
      done={
        change.data === undefined
          ? ''
          : change.data.applied
            ? t('administration.site.applied')
            : t('administration.site.good')
      }
      actions={
        <>
          <Button component="a" variant="default" size="xs" href={PATH} download>
            {t('administration.site.download')}
          </Button>
          <Button variant="default" size="xs" onClick={load}>
            {t('administration.site.load')}
          </Button>
        </>
      }
    >
      <div className={parts['fields']}>
        <FileField label={t('administration.site.file')} accept=".yaml,.yml,application/yaml" onText={edit} />
        <Textarea
          label={t('administration.site.text')}
          rows={18}
          spellCheck={false}
          className={parts['code'] ?? ''}
          value={yaml}
          error={empty ? t('administration.site.empty') : null}
          onChange={(event) => edit(event.currentTarget.value)}
        />
        {failure !== null && (
          <Failure
            id="site-failure"
            words={
              problems.length > 0
                ? t('administration.site.bad', { count: problems.length })
                : errorWords(failure)
            }
          />
        )}
        {problems.length > 0 && (
          <Table
            label={t('administration.site.problem')}
            rows={problems}
            keyOf={({ line, column, message }) => `${line}:${column} ${message}`}
            columns={[
              { key: 'line', head: t('administration.site.line'), cell: ({ line }) => line },
              { key: 'column', head: t('administration.site.column'), cell: ({ column }) => column },
              {
                key: 'place',
                head: t('administration.site.place'),
                cell: ({ path }) => <code className={parts['code']}>{path}</code>,
              },
              {
                key: 'problem',
                head: t('administration.site.problem'),
                cell: ({ code, params }) => t(`administration.siteProblems.${code}`, params),
              },
            ]}
          />
        )}
      </div>
      <div className={classes['bar']}>
        <span />
        <span className={parts['actions']}>
          <Button
            variant="default"
            size="sm"
            loading={change.isPending}
            onClick={() => ask(() => send(false))}
          >
            {t('administration.site.check')}
          </Button>
          <Button size="sm" loading={change.isPending} onClick={() => ask(() => setAsking(true))}>
            {t('administration.site.apply')}
          </Button>
        </span>
      </div>
      {asking && (
        <ConfirmDialog
          title={t('administration.site.applyTitle')}
          words={t('administration.site.applyAsk')}
          confirm={t('administration.site.apply')}
          onClose={() => setAsking(false)}
          onConfirm={() => send(true)}
        />
      )}
    </Page>
  );
}
