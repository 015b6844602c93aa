# playloop's roles for docker-compose.yml. Node is the one of package.json; the image's own only starts it.
FROM node:24.21.0-bookworm-slim
WORKDIR /playloop
COPY package.json package-lock.json ./
# Test tools stay out; the engine's native part comes with its package.
RUN npm ci --omit=dev --no-audit --no-fund
COPY schemas schemas
COPY platform platform
COPY producers producers
COPY streams streams
COPY api api
COPY bin bin
RUN mkdir -p /data && chown node:node /data
USER node
ENV PLAYLOOP_DATA=/data PLAYLOOP_HOST=0.0.0.0 UV_THREADPOOL_SIZE=16
ENTRYPOINT ["node", "bin/playloop.ts"]
CMD ["--help"]
