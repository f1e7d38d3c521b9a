import { useRef, useState } from 'react';
import type { SubmitEvent } from 'react';

type Problems<Values> = { readonly [Name in keyof Values]?: string };
type TextNames<Values> = {
  [Name in keyof Values]: Values[Name] extends string ? Name : never;
}[keyof Values] &
  string;

interface FormOptions<Values> {
  readonly initial: Values;
  /** What is wrong, by field, in words; empty when it may be sent. */
  readonly check: (values: Values) => Problems<Values>;
  readonly submit: (values: Values) => void;
}

/** The values of a form, what is wrong with them, and the focus on the first field that is. */
export function useForm<Values extends object>({ initial, check, submit }: FormOptions<Values>) {
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<Problems<Values>>({});
  const fields = useRef(new Map<string, HTMLElement>());

  const set = <Name extends keyof Values>(name: Name, value: Values[Name]): void => {
    setValues((before) => ({ ...before, [name]: value }));
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = check(values);
    setProblems(found);
    // In the order in which the fields stand.
    const first = Object.keys(values).find((name) => found[name as keyof Values] !== undefined);
    if (first === undefined) submit(values);
    else fields.current.get(first)?.focus();
  };
  /** What a field of text, or of a choice, needs. */
  const field = <Name extends TextNames<Values>>(name: Name) => ({
    name,
    value: values[name] as string,
    error: problems[name] ?? null,
    ref: (element: HTMLElement | null): void => {
      if (element === null) fields.current.delete(name);
      else fields.current.set(name, element);
    },
    onChange: (event: { readonly currentTarget: { readonly value: string } }): void =>
      set(name, event.currentTarget.value as Values[Name]),
  });
  return { values, set, setValues, problems, field, onSubmit };
}
