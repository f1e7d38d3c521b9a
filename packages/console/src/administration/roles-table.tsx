import { useTranslation } from 'react-i18next';
import type { Role } from '../../../server/src/http/contract.ts';
import { CheckIcon } from '../shell/icons.tsx';
import { Table } from '../parts/table.tsx';
import classes from './administration.module.css';
import { ROLES } from './rules.ts';

const ABILITIES = [
  ['own', ['system_administrator', 'supervisor', 'user']],
  ['dialMonitor', ['system_administrator', 'supervisor', 'user']],
  ['monitor', ['system_administrator', 'supervisor']],
  ['listen', ['system_administrator', 'supervisor']],
  ['administer', ['system_administrator']],
] as const satisfies readonly (readonly [string, readonly Role[]])[];

/** What a role opens; rights on resources come on top of it. */
export function RolesTable() {
  const { t } = useTranslation();
  return (
    <details className={classes['details']}>
      <summary>{t('administration.grants.roles')}</summary>
      <Table
        label={t('administration.grants.roles')}
        rows={ABILITIES}
        keyOf={([ability]) => ability}
        columns={[
          {
            key: 'ability',
            head: t('administration.grants.can'),
            cell: ([ability]) => t(`administration.grants.ability.${ability}`),
          },
          ...ROLES.map((role) => ({
            key: role,
            head: t(`session.role.${role}`),
            cell: ([, roles]: (typeof ABILITIES)[number]) =>
              (roles as readonly Role[]).includes(role) ? (
                <span role="img" aria-label={t('parts.yes')}>
                  <CheckIcon />
                </span>
              ) : (
                <span role="img" aria-label={t('parts.no')}>
                  –
                </span>
              ),
          })),
        ]}
      />
    </details>
  );
}
