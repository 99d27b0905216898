# Two images: `payment-service`, which a build makes when no target is named, and `simulator`, for trying things out.
ARG NODE=node:24.21.0-alpine3.24

# What runs beside our own code. better-sqlite3 is native: where no build of it can be fetched for this image, it is compiled.
FROM ${NODE} AS dependencies
RUN apk add --no-cache python3 make g++
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

# Our own code. Its compiler needs no install script of any package.
FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY simulator ./simulator
RUN npm run build

FROM ${NODE} AS runtime
RUN apk add --no-cache ca-certificates dumb-init tzdata \
  && install -d -o node -g node /data
# Unless told otherwise, it refuses to start with anything that is not fit for production.
ENV NODE_ENV=production ENVIRONMENT=production DATA_DIR=/data
WORKDIR /app
COPY package.json ./
COPY --from=dependencies /app/node_modules ./node_modules
USER node

FROM runtime AS simulator
COPY --from=build /app/dist/simulator ./dist/simulator
ENV SIMULATOR_HOST=0.0.0.0
EXPOSE 3003
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SIMULATOR_PORT || 3003}/_simulator/clock`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["dumb-init", "node", "--enable-source-maps", "dist/simulator/main.js"]

FROM runtime AS payment-service
COPY --from=build /app/dist/src ./dist/src
EXPOSE 3002
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3002}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["dumb-init", "node", "--enable-source-maps", "dist/src/infrastructure/main.js"]
