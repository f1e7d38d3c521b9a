import classes from './shell.module.css';

export function Brand() {
  return (
    <span className={classes['brand']}>
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" className={classes['brandTile']} />
        <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
          <path d="M8 13.5v5" />
          <path d="M13 10v12" />
          <path d="M18.5 12.5c2 2.1 2 4.9 0 7" />
          <path d="M22.5 9.5c3.7 3.7 3.7 9.3 0 13" />
        </g>
      </svg>
      <span className={classes['brandName']}>Sasayaki</span>
    </span>
  );
}
