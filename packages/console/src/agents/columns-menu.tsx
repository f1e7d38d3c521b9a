import { memo, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { usePopover } from '../shell/popover.ts';
import classes from './agents.module.css';
import { COLUMNS, type Column } from './order.ts';
import { ALWAYS, toggled } from './view-choice.ts';

interface ColumnsMenuProps {
  readonly columns: readonly Column[];
  readonly onChange: (columns: readonly Column[]) => void;
}

/** Which columns are there; what says who it is cannot be taken away. */
export const ColumnsMenu = memo(function ColumnsMenu({ columns, onChange }: ColumnsMenuProps) {
  const { t } = useTranslation();
  const id = useId();
  const { button, content, onToggle } = usePopover();
  return (
    <>
      <button ref={button} type="button" className={classes['columnsButton']} popoverTarget={id}>
        {t('agents.columns')}
      </button>
      <div
        ref={content}
        id={id}
        popover="auto"
        role="group"
        aria-label={t('agents.columns')}
        className={classes['columnsList']}
        onToggle={onToggle}
      >
        {COLUMNS.filter((column) => !ALWAYS.includes(column)).map((column) => (
          <label key={column}>
            <input
              type="checkbox"
              checked={columns.includes(column)}
              onChange={() => onChange(toggled(columns, column))}
            />
            {t(`agents.${column}`)}
          </label>
        ))}
      </div>
    </>
  );
});
