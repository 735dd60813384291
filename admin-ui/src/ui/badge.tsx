import type { ReactNode } from 'react';
import style from './badge.module.css';

interface BadgeProps {
  readonly tone?: 'plain' | 'on' | 'partial' | 'danger' | 'warning';
  readonly children: ReactNode;
}

export function Badge({ tone = 'plain', children }: BadgeProps) {
  return (
    <span className={style.badge} data-tone={tone}>
      {children}
    </span>
  );
}
