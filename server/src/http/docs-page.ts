import { html, raw } from 'hono/html';
import type { OpenApi, Operation } from './openapi.ts';

type Markup = ReturnType<typeof html>;

/** The API as one page that needs no script: operations by tag, then the schemas they refer to. */
export async function renderDocs(document: OpenApi): Promise<string> {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Dimmer HTTP API</title>
        <link rel="stylesheet" href="/api/docs.css" />
      </head>
      <body>
        <header>
          <h1>Dimmer HTTP API <small>${document.info.version}</small></h1>
          <p>
            Everything is below <code>/api/v1</code>, takes and answers JSON, and wants
            <code>Authorization: Bearer &lt;API token&gt;</code>. Errors are <code>application/problem+json</code>. For
            machines: <a href="/api/v1/openapi.json">openapi.json</a>.
          </p>
          <nav>${document.tags.map(({ name }) => html`<a href="#${name}">${name}</a> `)}</nav>
        </header>
        <main>
          ${document.tags.map(
            ({ name, description }) =>
              html`<section>
                <h2 id="${name}">${name}</h2>
                <p>${description}</p>
                ${operations.filter(({ operation }) => operation.tags.includes(name)).map(renderOperation)}
              </section>`,
          )}
          <section>
            <h2 id="schemas">schemas</h2>
            ${Object.entries(document.components.schemas).map(
              ([name, schema]) =>
                html`<details id="schema-${name}">
                  <summary><code>${name}</code></summary>
                  ${renderSchema(schema)}
                </details>`,
            )}
          </section>
        </main>
      </body>
    </html>`;
  return page.toString();
}

interface Listed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function renderOperation({ path, method, operation }: Listed): Markup {
  return html`<details id="${operation.operationId}">
    <summary>
      <b class="${method}">${method.toUpperCase()}</b> <code>${path}</code> <span>${operation.summary}</span>
    </summary>
    ${operation.description === undefined ? '' : html`<p>${operation.description}</p>`}
    ${
      operation.parameters.length === 0
        ? ''
        : html`<table>
            ${operation.parameters.map(
              (one) =>
                html`<tr>
                  <td><code>${one.name}</code></td>
                  <td>${one.in}${one.required ? '' : ', optional'}</td>
                  <td>${one.description ?? ''}</td>
                </tr>`,
            )}
          </table>`
    }
    ${
      operation.requestBody === undefined
        ? ''
        : html`<h3>Body${operation.requestBody.required ? '' : ' (optional)'}</h3>
            ${Object.values(operation.requestBody.content).map(({ schema }) => renderSchema(schema))}`
    }
    ${Object.entries(operation.responses).map(
      ([status, response]) =>
        html`<h3>${status} <span>${response.description}</span></h3>
          ${Object.values(response.content ?? {}).map(({ schema }) => renderSchema(schema))}`,
    )}
  </details>`;
}

/** A schema as JSON, in which names of other schemas lead to them. */
function renderSchema(schema: object): Markup {
  const text = JSON.stringify(schema, null, 2);
  const parts = text.split(/(\{\s*"\$ref": "#\/components\/schemas\/\w+"\s*\})/);
  return html`<pre>${parts.map((part, index) => (index % 2 === 0 ? part : renderReference(part)))}</pre>`;
}

function renderReference(text: string): Markup {
  const name = /schemas\/(\w+)/.exec(text)?.[1] ?? '';
  return html`${raw(`<a href="#schema-${name}">${name}</a>`)}`;
}

/** Its style sheet; a file of its own, since the policy allows nothing inline. */
export const DOCS_CSS = `:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
small, summary span, h3 span { color: GrayText; font-weight: normal; }
nav a { margin-right: 0.75rem; }
details { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; margin: 0.4rem 0; padding: 0.4rem 0.75rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.5em; }
pre { background: color-mix(in srgb, currentColor 6%, transparent); border-radius: 6px; font-size: 0.85rem; overflow: auto; padding: 0.75rem; }
td { padding: 0.15rem 1rem 0.15rem 0; vertical-align: top; }
h3 { font-size: 1rem; margin: 0.75rem 0 0.25rem; }
`;
