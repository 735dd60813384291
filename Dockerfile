# The flag server with its admin UI. Build and run: docs/operations.md, "In a container".

# The full image brings what compiles the SQLite driver, where there is no ready-made binary of it.
FROM node:24-bookworm AS build
WORKDIR /src
# First what decides which packages are installed, so that a change of the sources does not install them again.
COPY package.json package-lock.json ./
COPY admin-ui/package.json admin-ui/
COPY bench/package.json bench/
COPY core/package.json core/
COPY docs/package.json docs/
COPY examples/lamp-wall/package.json examples/lamp-wall/
COPY examples/cluster/package.json examples/cluster/
COPY examples/server-rendered/package.json examples/server-rendered/
COPY faults/package.json faults/
COPY sdk-browser/package.json sdk-browser/
COPY sdk-node/package.json sdk-node/
COPY server/package.json server/
COPY server/bin server/bin
RUN npm ci --no-audit --no-fund
COPY tsconfig.base.json LICENSE ./
# Of other workspaces only what the configuration of the admin UI refers to.
COPY examples/lamp-wall/tsconfig.json examples/lamp-wall/
COPY examples/server-rendered/tsconfig.json examples/server-rendered/
COPY sdk-browser/tsconfig.json sdk-browser/
COPY sdk-node/tsconfig.json sdk-node/
COPY core core
COPY server server
COPY admin-ui admin-ui
RUN npm run build --workspace core --workspace server --workspace admin-ui
RUN node server/pack.mjs before
# From here on only what runs: no compilers, no tests, no other workspaces.
RUN npm ci --omit=dev --no-audit --no-fund --workspace core --workspace server

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    DIMMER_HOST=0.0.0.0 \
    DIMMER_PORT=8420 \
    DIMMER_DATABASE_URL=file:/data/dimmer.db
WORKDIR /app
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/core/package.json core/package.json
COPY --from=build /src/core/dist core/dist
COPY --from=build /src/server/package.json /src/server/LICENSE server/
COPY --from=build /src/server/bin server/bin
COPY --from=build /src/server/drizzle server/drizzle
COPY --from=build /src/server/dist server/dist
RUN mkdir /data && chown 1000:1000 /data
# A number, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8420
# The server handles the signal itself and starts no processes, so it needs no init beside it.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.DIMMER_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/server/bin/dimmer.js"]
CMD ["serve"]
