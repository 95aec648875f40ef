# An image of the program, the libraries that it is linked with, and the certificates of TLS; no shell, no package manager.
#
#     docker build -t phone-verify .
#     docker run --read-only --cap-drop ALL -v ./phone-verify.toml:/etc/phone-verify/phone-verify.toml:ro … phone-verify

FROM node:24-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /source
COPY . .
RUN cargo xtask build --release
# What `ldd` names goes to the same paths, and nothing else.
RUN install -D target/release/phone-verify /image/phone-verify \
 && ldd target/release/phone-verify | grep -o '/lib[^ ]*' | xargs cp --parents --dereference --target-directory /image \
 && cp --parents /etc/ssl/certs/ca-certificates.crt /image \
 && install -d -m 0700 -o 65532 -g 65532 /image/var/lib/phone-verify /image/var/lib/phone-verify-keys \
 && install -d -m 1777 /image/tmp

FROM scratch
COPY --from=build /image /
USER 65532:65532
ENV PHONE_VERIFY__DATA_DIR=/var/lib/phone-verify \
    PHONE_VERIFY__KEYS_DIR=/var/lib/phone-verify-keys \
    PHONE_VERIFY__HTTP__LISTEN=0.0.0.0:3000
VOLUME ["/var/lib/phone-verify", "/var/lib/phone-verify-keys"]
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/phone-verify"]
CMD ["serve", "--config", "/etc/phone-verify/phone-verify.toml"]
