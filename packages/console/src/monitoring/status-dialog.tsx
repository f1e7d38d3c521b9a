import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView, BaseStatus } from '../../../server/src/http/contract.ts';
import { BASE_STATUSES, isBaseStatus } from '../agents/rules.ts';
import { Failure, useErrorWords } from '../session/failure.tsx';
import { Dialog, DialogActions } from '../shell/dialog.tsx';
import { useChangeStatus } from './use-monitoring.ts';

interface StatusDialogProps {
  readonly agent: AgentView;
  readonly onClose: () => void;
}

/** Changes the status of another agent. */
export function StatusDialog({ agent, onClose }: StatusDialogProps) {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  const change = useChangeStatus(agent.accountId);
  const [status, setStatus] = useState<BaseStatus>(agent.baseStatus);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    change.mutate(status, { onSuccess: onClose });
  };
  return (
    <Dialog title={`${t('monitoring.changeStatus')}: ${agent.displayName}`} onClose={onClose}>
      <form onSubmit={submit}>
        <NativeSelect
          label={t('monitoring.newStatus')}
          value={status}
          data={BASE_STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          onChange={({ currentTarget: { value } }) => {
            if (isBaseStatus(value)) setStatus(value);
          }}
        />
        {change.error !== null && <Failure id="status-failure" words={errorWords(change.error)} />}
        <DialogActions>
          <Button variant="subtle" onClick={onClose}>
            {t('monitoring.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('monitoring.change')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
