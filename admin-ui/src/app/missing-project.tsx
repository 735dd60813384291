import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { projectsQuery } from '../features/environments/api/list-projects.ts';
import { useText } from '../lib/i18n/i18n.ts';
import style from './not-found.module.css';

const route = getRouteApi('/p/$project');

/** A link to a project that is gone or was mistyped: says so, and leads to those there are. */
export function MissingProject() {
  const { t } = useText();
  const { project } = route.useParams();
  const { data: projects = [] } = useQuery(projectsQuery);
  const title = t('notFound.project', { project });
  useEffect(() => {
    document.title = `${title} · ${t('brand')}`;
  }, [title, t]);
  return (
    <div className={style.page}>
      <h1>{title}</h1>
      {projects.length > 0 && <p>{t('notFound.projects')}</p>}
      <ul className={style.projects}>
        {projects.map(({ key, name }) => (
          <li key={key}>
            <Link to="/p/$project/flags" params={{ project: key }}>
              {name}
            </Link>{' '}
            {name.toLowerCase() !== key && <code>{key}</code>}
          </li>
        ))}
      </ul>
    </div>
  );
}
