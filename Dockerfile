# One image for every process of Ballast; the command says which.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=node:node /app /app
RUN mkdir /state && chown node:node /state
USER node
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/worker/trade-worker.js"]
