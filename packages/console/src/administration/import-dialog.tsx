import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportAnswer } from '../../../server/src/http/contract.ts';
import { useChange } from '../parts/data.ts';
import classes from '../parts/parts.module.css';
import { Table } from '../parts/table.tsx';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { Dialog, DialogActions } from '../shell/dialog.tsx';
import { FileField } from './file-field.tsx';

const EXAMPLE =
  'login_name,display_name,role,agent,sign_in_phone,call_centers\nyamada,山田 太郎,user,yes,1002,7000\n';

/** Makes accounts of a CSV file: first what would be wrong, line by line; then all of them or none. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChange<ImportAnswer>([
    '/api/accounts',
    '/api/call-centers',
    '/api/grants',
    '/api/agents',
  ]);
  const [csv, setCsv] = useState('');
  /** What was checked and may be applied. */
  const [checked, setChecked] = useState<ImportAnswer | null>(null);
  const [empty, setEmpty] = useState(false);

  const edit = (text: string): void => {
    setCsv(text);
    setChecked(null);
    setEmpty(false);
    change.reset();
  };
  const ask = (apply: boolean): void => {
    setEmpty(csv.trim() === '');
    if (csv.trim() === '') return;
    change.mutate(
      { method: 'POST', path: '/api/accounts/import', body: { csv, apply } },
      { onSuccess: (answer) => setChecked(answer) },
    );
  };
  if (checked !== null && checked.created.length > 0) {
    return <Created created={checked.created} onClose={onClose} />;
  }
  const good = checked !== null && checked.problems.length === 0 && checked.accounts > 0;
  return (
    <Dialog title={t('administration.accounts.importTitle')} onClose={onClose} wide>
      <div className={classes['fields']}>
        <p className={classes['lead']}>{t('administration.accounts.importLead')}</p>
        <FileField label={t('administration.accounts.importFile')} accept=".csv,text/csv" onText={edit} />
        <Textarea
          label={t('administration.accounts.importText')}
          rows={8}
          spellCheck={false}
          className={classes['code'] ?? ''}
          placeholder={EXAMPLE}
          value={csv}
          error={empty ? t('administration.accounts.importEmpty') : null}
          onChange={(event) => edit(event.currentTarget.value)}
        />
        {change.error !== null && <Failure id="import-failure" words={errorWords(change.error)} />}
        {checked !== null && (
          <p role="status" className={good ? classes['done'] : classes['bad']}>
            {checked.problems.length > 0
              ? t('administration.accounts.importBad', { count: checked.problems.length })
              : checked.accounts === 0
                ? t('administration.accounts.importEmpty')
                : t('administration.accounts.importGood', { count: checked.accounts })}
          </p>
        )}
        {checked !== null && checked.problems.length > 0 && <Problems problems={checked.problems} />}
      </div>
      <DialogActions>
        <Button variant="default" size="sm" onClick={onClose}>
          {t('parts.cancel')}
        </Button>
        <Button
          variant={good ? 'default' : 'filled'}
          size="sm"
          loading={change.isPending}
          onClick={() => ask(false)}
        >
          {t('administration.accounts.importCheck')}
        </Button>
        {good && (
          <Button size="sm" loading={change.isPending} onClick={() => ask(true)}>
            {t('administration.accounts.importApply', { count: checked.accounts })}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

function Problems({ problems }: Pick<ImportAnswer, 'problems'>) {
  const { t } = useTranslation();
  return (
    <Table
      label={t('administration.accounts.problem')}
      rows={problems}
      keyOf={({ line, column, code }) => `${line} ${column ?? ''} ${code}`}
      columns={[
        { key: 'line', head: t('administration.accounts.line'), cell: ({ line }) => line },
        {
          key: 'column',
          head: t('administration.accounts.column'),
          cell: ({ column }) => column ?? t('administration.accounts.wholeLine'),
        },
        {
          key: 'problem',
          head: t('administration.accounts.problem'),
          cell: ({ code }) => t(`administration.accounts.problems.${code}`),
        },
      ]}
    />
  );
}

function Created(props: { readonly created: ImportAnswer['created']; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('administration.accounts.importDone', { count: props.created.length })}
      onClose={props.onClose}
      wide
    >
      <div className={classes['fields']}>
        <p className={classes['lead']}>{t('administration.accounts.importDoneLead')}</p>
        <Table
          label={t('administration.accounts.dial')}
          rows={props.created}
          keyOf={({ accountId }) => accountId}
          columns={[
            {
              key: 'loginName',
              head: t('administration.accounts.loginName'),
              cell: ({ loginName }) => loginName,
            },
            { key: 'dialId', head: t('administration.accounts.dialId'), cell: ({ dialId }) => dialId },
            {
              key: 'dialPassword',
              head: t('administration.accounts.dialPassword'),
              cell: ({ dialPassword }) => dialPassword,
            },
          ]}
        />
      </div>
      <DialogActions>
        <Button size="sm" onClick={props.onClose}>
          {t('parts.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
