# One image for every process of Ballast; the command says which (docs/deployment.md).
#
#   docker build -t ballast .

FROM node:22.22.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No dependency needs its install script.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && node scripts/release.mjs /release

FROM node:22.22.2-bookworm-slim AS packages
WORKDIR /release
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:22.22.2-bookworm-slim
# What follows runs as the user "node", who owns nothing but the state: a process can't change its own code, and the
# root file system may be mounted read-only.
RUN mkdir /state && chown 1000:1000 /state
WORKDIR /app
COPY --from=packages /release/node_modules node_modules
COPY --from=build /release .
RUN ln -s /app/bin/ballast.mjs /usr/local/bin/ballast
ENV NODE_ENV=production \
    NODE_OPTIONS=--enable-source-maps \
    BALLAST_STATE_DIR=/state \
    BALLAST_ALIVE_FILE=/tmp/ballast-alive
USER 1000:1000
VOLUME /state
# Of the HTTP API, the one process that is asked from outside.
EXPOSE 8484
# By the process that it runs: see docker-compose.yml for each.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["node", "scripts/alive.mjs"]
ENTRYPOINT ["node"]
CMD ["dist/api/main.js"]
