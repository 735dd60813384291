/** A command that works as it stands, with the rights of any role. */
export function curlExample(origin: string, project: string, secret: string): string {
  const url = `${origin}/api/v1/projects/${encodeURIComponent(project)}/flags`;
  return [`curl -sf '${url}' \\`, `  -H 'Authorization: Bearer ${secret}'`].join('\n');
}
