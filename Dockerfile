FROM node:24-bookworm-slim

# The sandbox and git; util-linux (setpriv, prlimit) is part of the image.
RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap ca-certificates git \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /slipway
RUN mkdir /data && chown node:node /slipway /data
USER node

COPY --chown=node:node package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY --chown=node:node . .

ENV NODE_ENV=production SLIPWAY_HOME=/data HOST=0.0.0.0 PORT=3000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts"]
