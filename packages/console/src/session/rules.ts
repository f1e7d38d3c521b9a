/** The server's lower limit too; it may refuse more (PASSWORD_TOO_WEAK). */
export const PASSWORD_LENGTH = 12;

export interface NewPasswordForm {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

export type FieldProblem = 'required' | 'tooShort' | 'same' | 'mismatch';
export type FormProblems = { readonly [Field in keyof NewPasswordForm]?: FieldProblem };

/** What can be said about the form without asking the server; empty when it may be sent. */
export function checkNewPassword(form: NewPasswordForm): FormProblems {
  return {
    ...(form.current === '' && { current: 'required' as const }),
    ...(form.next.length < PASSWORD_LENGTH
      ? { next: 'tooShort' as const }
      : form.next === form.current && { next: 'same' as const }),
    ...(form.again !== form.next && { again: 'mismatch' as const }),
  };
}

/** Time left as minutes and seconds, for both of which people have words. */
export function splitSeconds(total: number): { readonly minutes: number; readonly seconds: number } {
  const left = Math.max(0, Math.ceil(total));
  return { minutes: Math.floor(left / 60), seconds: left % 60 };
}
