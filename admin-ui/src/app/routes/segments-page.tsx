import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { matrixQuery } from '../../features/flags/api/list-flags.ts';
import { Segments } from '../../features/segments/segment-list.tsx';
import { ConditionEditor } from '../../features/targeting/condition-editor.tsx';
import { useProject } from '../../lib/project-context.ts';

const route = getRouteApi('/p/$project/segments');

export function SegmentsPage() {
  const { project } = route.useParams();
  const { segment, env } = route.useSearch();
  const navigate = useNavigate();
  // Says which flags use a segment.
  useQuery(matrixQuery(project, useProject().matrix));
  const go = (search: { segment?: string | undefined; env?: string | undefined }): void =>
    void navigate({ to: '/p/$project/segments', params: { project }, search });
  return (
    <Segments
      selected={segment}
      environment={env}
      onSelect={(key) => go({ segment: key, env })}
      onEnvironment={(key) => go({ segment, env: key })}
      renderCondition={(condition, segments, onChange) => (
        <ConditionEditor condition={condition} segments={segments} onChange={onChange} />
      )}
    />
  );
}
