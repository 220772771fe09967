# Sluice in a container, and its fake of BigQuery in another: `docker compose up` builds and starts them.

# The packages come before the sources, so that they are fetched again only when package-lock.json changes.
FROM node:22-bookworm-slim AS all-packages
# The project's Node is linked to it, and the slim images do without.
RUN apt-get update && apt-get install --yes --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
WORKDIR /sluice
COPY package.json package-lock.json .npmrc ./
# npm 10 takes away the link to Node when it leaves out the Nodes of other platforms; rebuild makes it again.
RUN npm ci && npm rebuild

FROM all-packages AS packages
# Node's headers are a quarter of the whole, and for compilers only.
RUN npm prune --omit=dev && npm rebuild && rm -r node_modules/node-*/include node_modules/node-*/share

FROM all-packages AS built
COPY setup setup
COPY kernel kernel
RUN npm run build:kernel
COPY tsconfig.json ./
COPY monitor monitor
RUN npm run build:page

# No Node of the image's own: the project's comes with the packages (docs/decisions/node-as-packages.md).
FROM debian:bookworm-slim AS sluice
ENV PATH=/sluice/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production HOME=/tmp
RUN apt-get update && apt-get install --yes --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
# Volumes that are new take their owner from these folders.
RUN useradd --uid 1000 --no-create-home sluice \
  && install --directory --owner=sluice --group=sluice --mode=700 /broker /connection /data \
  && ln -s /sluice/cli/sluice.mjs /usr/local/bin/sluice
WORKDIR /sluice
COPY package.json LICENSE ./
COPY --from=packages /sluice/node_modules node_modules
COPY --from=built /sluice/dist dist
COPY setup setup
COPY kernel kernel
COPY wire wire
COPY runtime runtime
COPY experiment experiment
COPY store store
COPY producer producer
COPY consumer consumer
COPY sink sink
COPY gather gather
COPY reduce reduce
COPY monitor monitor
COPY slurm slurm
COPY compose compose
COPY cli cli
USER 1000:1000
ENV SLUICE_DATA=/data SLUICE_CONNECTION=/connection/broker.json
ENTRYPOINT ["sluice"]

FROM sluice AS fake-bigquery
COPY test/fake-bigquery test/fake-bigquery
ENTRYPOINT ["node", "test/fake-bigquery/main.ts"]
