import { useId, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import style from './field.module.css';

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  readonly optional?: string | undefined;
  /** The label is for screen readers only. */
  readonly bare?: boolean;
}

interface Ids {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** A label, a control, what helps with it and what is wrong with it, tied together. */
function Field({ control, ...field }: FieldProps & { readonly control: (ids: Ids) => ReactNode }) {
  const id = useId();
  const { label, hint, error, optional, bare } = field;
  const note = error ?? hint;
  return (
    <div className={style.field}>
      <label className={bare === true ? 'hidden' : style.label} htmlFor={id}>
        {label}
        {optional !== undefined && <span className={style.optional}>{optional}</span>}
      </label>
      {control({
        id,
        'aria-describedby': note ? `${id}-note` : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {note ? (
        <p id={`${id}-note`} className={error ? style.error : style.hint} role={error ? 'alert' : undefined}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

type InputProps = FieldProps & ComponentProps<'input'> & { readonly mono?: boolean };

export function TextField({ label, hint, error, optional, bare = false, mono, className, ...input }: InputProps) {
  return (
    <Field
      {...{ label, hint, error, optional, bare }}
      control={(ids) => (
        <input
          type="text"
          autoComplete="off"
          spellCheck={false}
          {...input}
          {...ids}
          className={classNames(style.input, mono === true && style.mono, className)}
        />
      )}
    />
  );
}

type AreaProps = FieldProps & ComponentProps<'textarea'> & { readonly mono?: boolean };

export function TextArea({ label, hint, error, optional, bare = false, mono, className, ...area }: AreaProps) {
  return (
    <Field
      {...{ label, hint, error, optional, bare }}
      control={(ids) => (
        <textarea
          rows={3}
          spellCheck={mono !== true}
          {...area}
          {...ids}
          className={classNames(style.input, style.area, mono === true && style.mono, className)}
        />
      )}
    />
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
}

interface SelectProps<V extends string> extends FieldProps, Omit<ComponentProps<'select'>, 'onChange' | 'value'> {
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly onChange: (value: V) => void;
}

/** The browser's own select: quick in long rule lists, and right on every phone. */
export function SelectField<V extends string>(props: SelectProps<V>) {
  const { label, hint, error, optional, bare = false, choices, onChange, className, ...select } = props;
  return (
    <Field
      {...{ label, hint, error, optional, bare }}
      control={(ids) => (
        <select
          {...select}
          {...ids}
          className={classNames(style.input, style.select, className)}
          onChange={(event) => {
            const chosen = choices[event.target.selectedIndex];
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    />
  );
}

type CheckProps = ComponentProps<'input'> & { readonly label: ReactNode; readonly hint?: ReactNode };

export function Checkbox({ label, hint, ...input }: CheckProps) {
  const id = useId();
  return (
    <div className={style.check}>
      <input type="checkbox" {...input} id={id} aria-describedby={hint ? `${id}-note` : undefined} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <p id={`${id}-note`} className={style.hint}>
            {hint}
          </p>
        ) : null}
      </div>
    </div>
  );
}
