import type { ReactNode } from 'react';

interface IconProps {
  readonly children: ReactNode;
  /** What it says; without one it is for the eye only, beside words. */
  readonly label?: string;
}

/** An icon that stands in place of a word has the word as its name. */
interface NamedIconProps {
  readonly label: string;
}

function Icon({ children, label }: IconProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      focusable="false"
    >
      {label !== undefined && <title>{label}</title>}
      {children}
    </svg>
  );
}

export const SunIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4" />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
);

export const CrossIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);

export const QuestionIcon = () => (
  <Icon>
    <path d="M9 9a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 1.9v.3M12 17.5v.1" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17v.1" />
  </Icon>
);

export const IncomingIcon = ({ label }: NamedIconProps) => (
  <Icon label={label}>
    <path d="M18 6 7 17M7 9v8h8" />
  </Icon>
);

export const OutgoingIcon = ({ label }: NamedIconProps) => (
  <Icon label={label}>
    <path d="M6 18 17 7M9 7h8v8" />
  </Icon>
);

export const ListenIcon = ({ label }: NamedIconProps) => (
  <Icon label={label}>
    <path d="M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v6H5.5A1.5 1.5 0 0 1 4 18.5ZM20 14h-3v6h1.5a1.5 1.5 0 0 0 1.5-1.5Z" />
  </Icon>
);

export const WhisperIcon = ({ label }: NamedIconProps) => (
  <Icon label={label}>
    <path d="M12 3.5a3 3 0 0 1 3 3V11a3 3 0 0 1-6 0V6.5a3 3 0 0 1 3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5v3" />
  </Icon>
);
