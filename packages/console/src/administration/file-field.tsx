import { useId } from 'react';
import classes from '../parts/parts.module.css';

interface FileFieldProps {
  readonly label: string;
  readonly accept: string;
  readonly onText: (text: string) => void;
}

/** A text file from this machine, by the browser's own field. */
export function FileField({ label, accept, onText }: FileFieldProps) {
  const id = useId();
  return (
    <div className={classes['file']}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="file"
        accept={accept}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void file.text().then(onText);
        }}
      />
    </div>
  );
}
